import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export type CaCertificateCheck = { ok: true; pem: string } | { ok: false; message: string };

/** Judges what was pasted as a CA: one certificate in PEM or several, and nothing else. The message repeats none of it. */
export function checkCaCertificate(text: string): CaCertificateCheck {
  if (text.includes('PRIVATE KEY')) {
    return {
      ok: false,
      message: 'caCertificate must not contain a private key; paste the certificate alone',
    };
  }
  const blocks = text.match(CERTIFICATE) ?? [];
  const isAllCertificates = text.replace(CERTIFICATE, '').trim() === '' && blocks.length > 0;
  if (!isAllCertificates || blocks.some((block) => certificateOf(block) === null)) {
    return {
      ok: false,
      message: 'caCertificate must be a certificate in PEM, from -----BEGIN CERTIFICATE----- to its END line',
    };
  }
  return { ok: true, pem: `${blocks.join('\n')}\n` };
}

/** What names each certificate in the audit trail, as `openssl x509 -fingerprint -sha256` prints it. */
export function fingerprintsOf(pem: string): string[] {
  return (pem.match(CERTIFICATE) ?? []).flatMap((block) => certificateOf(block)?.fingerprint256 ?? []);
}

function certificateOf(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block);
  } catch {
    // OpenSSL's error: what stands between the two lines is no certificate.
    return null;
  }
}
