import { describe, expect, it } from 'vitest';
import type { RecordView } from '$lib/device/phone';
import { dwelling, household, resident } from '$lib/device/testing/fixtures';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import { pathWords } from './path-words';
import { recordLines } from './record-lines';

overwriteGetLocale(() => 'zh-CN');
const person = resident(11, { name: '李建国' });
const door = dwelling(1, { households: [household(10, person)] });
const register = {
  door: () => ({
    door,
    registered: door,
    version: 1,
    record: null,
    onlyHere: false,
    hasDraft: false,
    handedOver: false,
  }),
};
const record = (kind: RecordView['kind'], body: Record<string, unknown>) => ({
  ...{ kind, body, target: { type: 'dwelling' as const, id: door.id } },
});
const said = (kind: RecordView['kind'], body: Record<string, unknown>) =>
  recordLines(register, record(kind, body), '2026-11-23').map(({ label, text }) => `${label}：${text}`);

describe('what a record says', () => {
  it('of a verification: the knock, each person with what changed, who said so', () => {
    const body = {
      outcome: 'verified',
      informant: { residentId: person.id, name: '李建国', kind: 'member' },
      dwelling: { use: 'rented' },
      households: [
        {
          id: 'h',
          residents: [
            { id: person.id, change: 'corrected', phone: '15900006152', idNumber: '62079919980403397X' },
            { id: 'p2', change: 'born', name: '未取名', sex: '2' },
            { id: 'p3', change: 'moved-away', on: '2026-10', movedTo: '张掖市' },
          ],
        },
      ],
      note: '',
    };
    expect(said('household-verification', body)).toEqual([
      '走访结果：已核实',
      '申报人：李建国 · 同住成年人',
      '房屋用途：出租',
      '李建国：信息更正；证件号码 **************397X；联系电话 159 0000 6152',
      '未取名：出生；姓名 未取名；性别 女',
      '住户：迁出；日期 2026年10月；迁往 张掖市',
    ]);
  });

  it('of a verification: what was told of a household itself, and why an answer was not had', () => {
    const body = {
      dwelling: { missing: { use: 'unknown' } },
      households: [
        { id: 'h', residents: [{ id: person.id, change: 'unchanged', missing: { phone: 'refused' } }] },
        { id: 'h2', kind: 'family', missing: { tenure: 'refused' }, residents: [] },
      ],
    };
    expect(said('household-verification', body)).toEqual([
      '缺项原因：房屋用途 申报人不清楚',
      '李建国：无变化；缺项原因 联系电话 不愿提供',
      '户：户的类别 家庭户；缺项原因 居住权属 不愿提供',
    ]);
  });

  it('of a visit and of a concern: each answer under its label, in the order of the form', () => {
    const visit = {
      outcome: 'met',
      services: [{ code: 'company', minutes: 30 }],
      condition: { mood: 2 },
      needs: [{ text: '卫生间装扶手', urgency: 'week' }],
      nextVisit: '2026-11-24',
      withVolunteers: ['x'],
    };
    expect(said('care-visit', visit)).toEqual([
      '见面情况：已见面',
      '服务：亲情陪伴 30 分钟',
      '心情：较差',
      '需要：卫生间装扶手 一周内',
      '下次来访：明天',
    ]);
    const concern = { title: '楼道灯坏了', raisedBy: 'worker', solvedOnSpot: { how: '换了灯泡' } };
    expect(said('concern', concern)).toEqual(['事由：楼道灯坏了', '反映人：我看到的', '怎样解决：换了灯泡']);
  });

  it('names the answer that a comment is about', () => {
    const body = { households: [{ id: 'h', residents: [{ id: person.id, change: 'corrected', phone: '1' }] }] };
    const of = (...path: (string | number)[]) => pathWords(register, record('household-verification', body), path);
    expect(of('households', 0, 'residents', 0, 'phone')).toBe('李建国 · 联系电话');
    expect(of('households', 0, 'residents', 0)).toBe('李建国');
    expect(of('households', 0, 'phone')).toBe('户里电话');
    expect(of('note')).toBe('备注');
    expect(of()).toBe('');
  });
});
