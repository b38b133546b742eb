import { sendJson } from '../http/answers.ts';
import { openLoopback } from '../http/loopback-server.ts';
import { readBody } from '../http/read-body.ts';
import type { MailStore } from './mail-store.ts';

/** A running stand-in for one operation of a service. */
export interface SmallServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The part of SendEmail that our adapter sends (SES API v2). */
interface SendEmail {
  readonly FromEmailAddress: string;
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly ReplyToAddresses?: readonly string[];
  readonly Content: {
    readonly Simple: {
      readonly Subject: { readonly Data: string };
      readonly Body: { readonly Text: { readonly Data: string }; readonly Html: { readonly Data: string } };
    };
  };
}

const MAX_BYTES = 1_048_576;

/** Stands in for SES: SendEmail of API v2, and nothing else. It keeps the mail and sends it to nobody. */
export async function startMailServer(store: MailStore): Promise<SmallServer> {
  const server = await openLoopback({ port: 0, hosts: ['127.0.0.1'] });
  server.answer(async (request, response) => {
    const body = await readBody(request, MAX_BYTES);
    if (request.method !== 'POST' || request.url !== '/v2/email/outbound-emails' || body === null) {
      sendJson(response, 400, { message: 'Only SendEmail is here.' });
      return;
    }
    try {
      const mail = JSON.parse(body.toString('utf8')) as SendEmail;
      const { Subject, Body } = mail.Content.Simple;
      const kept = store.add({
        from: mail.FromEmailAddress,
        to: mail.Destination.ToAddresses.join(', '),
        replyTo: (mail.ReplyToAddresses ?? []).join(', '),
        subject: Subject.Data,
        text: Body.Text.Data,
        html: Body.Html.Data,
      });
      sendJson(response, 200, { MessageId: kept.id });
    } catch {
      sendJson(response, 400, { message: 'This is no mail of ours.' });
    }
  });
  return { endpoint: `http://127.0.0.1:${server.port}`, close: () => server.close() };
}
