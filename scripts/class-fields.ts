/**
 * Keeps class fields as they are written for Safari 15, which knows them and has a fault in them: a name that a field's first value reads
 * inside of parentheses may not be found (https://webkit.org/b/236843, mended in 16). The bundler's own way round is to make a WeakMap of
 * every private field, which weighs and costs on every phone. Here such a value is computed in a function of its own, where names are
 * found, and the build's target says Safari 16. The function is no arrow, because the minifier would take that away again.
 */
import type { Plugin } from 'vite';

type Node = { type: string; start: number; end: number; [field: string]: unknown };

export function classFields(): Plugin {
  return {
    name: 'class-fields',
    apply: 'build',
    enforce: 'post',
    transform(code) {
      if (this.environment.name !== 'client' || !/\bclass\b/.test(code)) return null;
      const program: unknown = this.parse(code);
      const values = isNode(program) ? valuesToWrap(program) : [];
      return values.length === 0 ? null : { code: wrapped(code, values), map: null };
    },
  };
}

/** The code with each value computed in a function, last first so that places stay good. */
function wrapped(code: string, values: Node[]): string {
  let text = code;
  for (const { start, end } of values.sort((one, other) => other.start - one.start)) {
    text = `${text.slice(0, start)}(function () { return ${text.slice(start, end)}; }).call(this)${text.slice(end)}`;
  }
  return text;
}

/** First values of fields that read a name; those of a class inside such a value are inside of the function already. */
function valuesToWrap(node: Node): Node[] {
  const { value } = node;
  if (node.type === 'PropertyDefinition' && isNode(value) && readsName(value)) return [value];
  return childrenOf(node).flatMap(valuesToWrap);
}

/** Whether a name is read when the value is computed, not later in a function. */
function readsName(node: Node): boolean {
  if (/Function|Class/.test(node.type)) return false;
  if (node.type === 'Identifier') return true;
  if (node.type === 'MemberExpression' && node.computed !== true) return isNode(node.object) && readsName(node.object);
  if (node.type === 'Property' && node.computed !== true) return isNode(node.value) && readsName(node.value);
  return childrenOf(node).some(readsName);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((field) => (Array.isArray(field) ? field : [field]).filter(isNode));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
