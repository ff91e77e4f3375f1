/** What somebody wrote at the desk and did not send: said before the whole page goes. */
import { isField, type Field } from './touched';
import { typedIn } from './typed';

export class Unsent {
  readonly #fields = new Set<Field>();

  /** For `input` events of the page. Whoever searches or filters writes nothing. */
  readonly note = ({ target }: Event): void => {
    if (isField(target) && target.form?.method === 'post') this.#fields.add(target);
  };

  /** Whether the page's forms hold something that was written: by their own word (`typedIn`), or in a field that was touched and still stands. */
  any(page: ParentNode): boolean {
    const isLeft = [...this.#fields].some((field) => field.isConnected && field.value !== '');
    return (
      isLeft || [...page.querySelectorAll('form')].some((form) => Object.keys(typedIn(new FormData(form))).length > 0)
    );
  }
}
