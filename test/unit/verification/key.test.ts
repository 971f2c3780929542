import type { KeyForm } from '../../../functions/pack/scheme.ts';
import { keyBytes } from '../../../functions/verification/key.ts';

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const bytes = (...values: number[]) => Buffer.from(values);

const whsec: KeyForm = { strip: ['v1,', 'whsec_'], decode: 'base64' };
const orText: KeyForm = { ...whsec, otherwise: 'utf8' };
const orNone: KeyForm = { ...whsec, otherwise: 'refuse' };
const text: KeyForm = { strip: ['key_'], decode: 'utf8' };

test.each<[KeyForm, string, Buffer]>([
  ['utf8', 'größer', utf8('größer')],
  ['utf8', ' ', utf8(' ')],
  ['hex', '00ff', bytes(0, 255)],
  ['hex', 'ABcd', bytes(0xab, 0xcd)],
  ['base64', 'AP8=', bytes(0, 255)],
  ['base64', 'AP8', bytes(0, 255)],
  ['base64', 'AA==', bytes(0)],
  ['base64', 'AA', bytes(0)],
  ['base64', 'AAD+/w==', bytes(0, 0, 254, 255)],
  [whsec, 'whsec_AP8=', bytes(0, 255)],
  [whsec, 'v1,whsec_AP8=', bytes(0, 255)],
  [whsec, 'v1,AP8=', bytes(0, 255)],
  [whsec, 'AP8=', bytes(0, 255)],
  [orText, 'v1,AP8=', bytes(0, 255)],
  [orText, 'whsec_AP8=', bytes(0, 255)],
  [orText, 'AP8=', utf8('AP8=')],
  [orText, 'AP8=whsec_', utf8('AP8=whsec_')],
  [orNone, 'whsec_AP8=', bytes(0, 255)],
  [text, 'key_a b', utf8('a b')],
  [text, 'a b', utf8('a b')],
])('%j reads %j', (form, secret, expected) => {
  expect(keyBytes(secret, form)).toEqual(expected);
});

test.each<[KeyForm, string]>([
  ['utf8', ''],
  ['hex', ''],
  ['hex', '0'],
  ['hex', '00f'],
  ['hex', 'x0ff0'],
  ['hex', '00ffx'],
  ['hex', 'zz'],
  ['hex', ' 00ff '],
  ['base64', ''],
  ['base64', '='],
  ['base64', '=='],
  ['base64', 'AP8='.repeat(2)],
  ['base64', 'A'],
  ['base64', 'AAAAA'],
  ['base64', 'AAAAA=='],
  ['base64', 'AP8==='],
  ['base64', '!AP8'],
  ['base64', 'AP8!'],
  ['base64', 'AP_-'],
  [whsec, 'whsec_'],
  [whsec, 'whsec_!'],
  [orText, 'whsec_!'],
  [orText, ''],
  [orNone, 'AP8='],
  [orNone, ''],
  [text, 'key_'],
])('%j does not read %j', (form, secret) => {
  expect(keyBytes(secret, form)).toBeUndefined();
});
