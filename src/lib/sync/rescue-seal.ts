/**
 * Seals and opens rescue files: HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, over WebCrypto.
 * A module of its own: the phone loads it when a file is made, the start page never does.
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { canonicalJson } from './digest';
import { RESCUE_FORMAT, RESCUE_VERSION, type RescueFile, type RescueHead } from './rescue';

/** What no other use of the same key says (RFC 9180, 5.1). */
const info = encode('qiaomen rescue file 1');

const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** Both base64url; the key pair that 32 random bytes stand for. */
export type RescueKeyPair = { publicKey: string; privateKey: string };

export async function makeRescueKeyPair(randomBytes: Uint8Array): Promise<RescueKeyPair> {
  const pair = await suite.kem.deriveKeyPair(ownBuffer(randomBytes));
  return {
    publicKey: toBase64Url(await suite.kem.serializePublicKey(pair.publicKey)),
    privateKey: toBase64Url(await suite.kem.serializePrivateKey(pair.privateKey)),
  };
}

/** Rejects when the public key is none. */
export async function sealRescue(
  key: { community: string; id: string; publicKey: string },
  content: string,
): Promise<RescueFile> {
  const head: RescueHead = {
    format: RESCUE_FORMAT,
    version: RESCUE_VERSION,
    community: key.community,
    key: key.id,
  };
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64Url(key.publicKey));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, encode(content), vouched(head));
  return { ...head, encapsulated: toBase64Url(enc), ciphertext: toBase64Url(ct) };
}

/** Rejects when the file was sealed to another key, or anything in it was changed. */
export async function openRescue(privateKey: string, file: RescueFile): Promise<string> {
  const recipientKey = await suite.kem.deserializePrivateKey(fromBase64Url(privateKey));
  const enc = fromBase64Url(file.encapsulated);
  const plain = await suite.open({ recipientKey, enc, info }, fromBase64Url(file.ciphertext), vouched(file));
  return new TextDecoder('utf-8', { fatal: true }).decode(plain);
}

function vouched({ format, version, community, key }: RescueHead): ArrayBuffer {
  return encode(canonicalJson({ format, version, community, key }));
}

function encode(text: string): ArrayBuffer {
  return ownBuffer(new TextEncoder().encode(text));
}

/** The library takes whole buffers. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

function toBase64Url(buffer: ArrayBuffer): string {
  let binary = '';
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Throws on what is no base64url. */
function fromBase64Url(text: string): ArrayBuffer {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return ownBuffer(Uint8Array.from(binary, (sign) => sign.charCodeAt(0)));
}
