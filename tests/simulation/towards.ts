/** Which deeds a fault comes from, in their order: a set that has not met one yet weaves them into its next story, on one phone. */
import type { Fault } from './faults';
import type { Deed } from './story';

/** Those of the network come by themselves, and more of them in bad weather. */
const otherwise: readonly Deed[] = ['weather', 'sync', 'save'];

const bringing: Partial<Record<Fault, readonly Deed[]>> = {
  // Off the line and back again: meanwhile a queue grows.
  'two requests at once': ['go offline', 'save', 'save', 'save', 'go offline', 'sync'],
  'news asked amid a queue': ['go offline', 'save', 'save', 'save', 'save', 'save', 'save', 'go offline', 'sync'],
  'office down': ['kill the office'],
  'office killed': ['kill the office'],
  'office killed in a transaction': ['kill the office'],
  'office killed after a commit': [
    'start the office',
    'kill the office',
    'start the office',
    'kill the office',
    'start the office',
  ],
  'office killed amid a push': ['kill the office'],
  'office clock moved': ['move the office clock'],
  restored: ['start the office', 'back up', 'restore'],
  'phone killed': ['kill a phone'],
  'phone killed in a transaction': ['kill a phone'],
  'phone killed at a commit': ['kill a phone', 'kill a phone'],
  'tab killed': ['open a tab', 'kill a tab'],
  'tab opened': ['open a tab'],
  'connection closed under the app': ['close connections'],
  'phone clock moved': ['move a phone clock'],
  'changed hands': ['change hands'],
  'signed out': ['session ends'],
  'grid taken': ['change grids'],
  'grid given': ['change grids'],
  'account ended': ['end an account'],
  'phone revoked': ['revoke a phone'],
  'phone allowed again': ['revoke a phone', 'allow a phone'],
  'new app': ['new app'],
  'form published': ['publish a form'],
  'form that no screen asks': ['publish a form', 'save'],
  'draft of an older form': ['draft', 'publish a form', 'save a draft'],
  'record of an older form': ['publish a form', 'save'],
  'record of a newer form': ['publish a form', 'save', 'sync'],
  discarded: ['save', 'discard'],
  'put back': ['save', 'discard'],
  'thrown away too late': ['save', 'sync', 'discard'],
  'late change of an ended form': ['draft', 'save a draft', 'drop a draft'],
  quarantined: ['save', 'sync'],
  'set aside': ['save', 'save', 'save', 'save'],
  'decided twice': ['save', 'review together'],
  'same number twice': ['correct'],
  'copy given back': ['save', 'sync', 'wait', 'back up', 'correct', 'sync', 'wait', 'restore', 'sync'],
  'older after newer': ['back up', 'save', 'sync', 'wait', 'go offline', 'correct', 'restore', 'go offline', 'sync'],
  'copy chosen': ['save', 'sync', 'wait', 'correct', 'sync', 'wait', 'choose a copy'],
  'care plan set': ['set a care plan'],
  'rescue file made': ['make a rescue file'],
  'record rescued': ['save', 'make a rescue file', 'take in a rescue file'],
  'rescued twice': ['save', 'make a rescue file', 'take in a rescue file', 'take in a rescue file'],
  'rescued after it was pushed': ['save', 'make a rescue file', 'sync', 'take in a rescue file'],
  'pushed after it was rescued': [
    'go offline',
    'save',
    'make a rescue file',
    'take in a rescue file',
    'go offline',
    'sync',
  ],
  'decision undone': ['save', 'sync', 'wait', 'review', 'undo'],
  'person erased': ['erase a person'],
  'erased from a record': ['save', 'sync', 'wait', 'erase a person'],
  'record of an erased person came in': ['go offline', 'save', 'erase a person', 'go offline'],
  'long sleep': ['sleep long'],
};

export function deedsTowards(fault: Fault): readonly Deed[] {
  return bringing[fault] ?? otherwise;
}
