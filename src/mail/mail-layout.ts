import type { Locale } from './locale.ts';
import type { MailText, MailWords } from './mail-template.ts';

/** A mail as Handlebars templates over MailValues. */
export interface MailSources {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Puts one mail into the form that all have: one column, a button, and who, when and from where. */
export function layOut(locale: Locale, text: MailText, words: MailWords): MailSources {
  return { subject: text.subject, text: plainText(text, words), html: html(locale, text, words) };
}

function plainText({ before, hasCode, action, after }: MailText, words: MailWords): string {
  const code = hasCode ? ['{{code}}'] : [];
  const link = action === undefined ? [] : [`${action}:\n{{link}}`];
  return `${[...before, ...code, ...link, ...after].join('\n\n')}

${words.recipient}: {{recipient}}
${words.when}: {{when}}
{{#if device}}
${words.device}: {{device}}
{{/if}}

--${' '}
{{product}}
${words.reason}
`;
}

/*
 * Tables, and styles at each element: Outlook knows little else, and some programs drop what stands in
 * the head. What does stand there is for dark mode alone.
 */
const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const table = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';
const small = `${font};font-size:13px;line-height:1.5`;

function html(locale: Locale, text: MailText, words: MailWords): string {
  return `<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>${text.subject}</title>
    <style>
      :root { color-scheme: light dark; }
      @media (prefers-color-scheme: dark) {
        .page { background: #15171c !important; }
        .card { background: #20242c !important; border-color: #343a46 !important; }
        .ink { color: #eceff4 !important; }
        .faint { color: #a9b1bf !important; }
        .line { border-color: #343a46 !important; }
        .button { background: #8ab4ff !important; }
        .button a { color: #10131a !important; }
        .alarm { background: #20242c !important; border-color: #8ab4ff !important; }
        .alarm a { color: #8ab4ff !important; }
        .address { color: #8ab4ff !important; }
      }
    </style>
  </head>
  <body class="page" style="margin:0;padding:0;background:#f2f4f7">
    <div style="display:none;max-height:0;overflow:hidden">${text.preview}</div>
    <table ${table} width="100%" class="page" style="background:#f2f4f7">
      <tr>
        <td align="center" style="padding:24px 12px">
          <table ${table} width="100%" style="max-width:560px">
            <tr>
              <td class="ink" style="${font};font-size:18px;font-weight:600;color:#1b1f27;padding:8px 12px 20px">
                {{#if logo}}<img src="{{logo}}" alt="{{product}}" height="40" style="display:block;height:40px;max-width:100%;border:0">{{else}}{{product}}{{/if}}
              </td>
            </tr>
            <tr>
              <td class="card" style="background:#ffffff;border:1px solid #dfe3ea;border-radius:12px;padding:28px 24px">
                <h1 class="ink" style="${font};font-size:22px;line-height:1.3;font-weight:600;color:#1b1f27;margin:0 0 16px">${unbroken(text.subject)}</h1>
${[...text.before.map(paragraph), ...code(text), ...button(text), ...text.after.map(paragraph), details(words), ...address(text, words)].join('\n')}
              </td>
            </tr>
            <tr>
              <td class="faint" style="${small};color:#5b6472;padding:20px 12px 8px">${words.reason}</td>
            </tr>
          </table>
        </td>
      </tr>
    </table>
  </body>
</html>
`;
}

function paragraph(line: string): string {
  return `                <p class="ink" style="${font};font-size:16px;line-height:1.55;color:#1b1f27;margin:0 0 16px">${unbroken(line)}</p>`;
}

/** Large, and without a space in it, so that it can be copied. */
function code({ hasCode }: MailText): readonly string[] {
  if (!hasCode) return [];
  return [
    `                <p class="ink" style="${font};font-size:32px;line-height:1.3;font-weight:600;letter-spacing:6px;color:#1b1f27;margin:8px 0 24px">{{code}}</p>`,
  ];
}

function button({ action, isAlarm }: MailText): readonly string[] {
  if (action === undefined) return [];
  const [name, color, background] = isAlarm
    ? ['alarm', '#1f5fd6', '#ffffff']
    : ['button', '#ffffff', '#1f5fd6'];
  return [
    `                <table ${table} style="margin:8px 0 24px">
                  <tr>
                    <td class="${name}" style="background:${background};border:1px solid #1f5fd6;border-radius:8px">
                      <a href="{{link}}" style="${font};display:inline-block;padding:12px 22px;font-size:16px;line-height:1.3;font-weight:600;color:${color};text-decoration:none">${action}</a>
                    </td>
                  </tr>
                </table>`,
  ];
}

/** No line ends inside `E-Mail`. */
function unbroken(text: string): string {
  return text.replaceAll(/e-mail/gi, '<span style="white-space:nowrap">$&</span>');
}

function details(words: MailWords): string {
  return `                <table ${table} width="100%" class="line" style="border-top:1px solid #dfe3ea;margin:24px 0 0">
                  <tr><td style="height:14px;line-height:14px">&nbsp;</td></tr>
${row(words.recipient, '{{recipient}}')}
${row(words.when, '{{when}}')}
{{#if device}}
${row(words.device, '{{device}}')}
{{/if}}
                </table>`;
}

function row(name: string, value: string): string {
  return `                  <tr>
                    <td class="faint" valign="top" width="56" style="${small};color:#5b6472;padding:2px 12px 2px 0">${name}</td>
                    <td class="ink" valign="top" style="${small};color:#1b1f27;padding:2px 0;word-break:break-word;overflow-wrap:anywhere">${value}</td>
                  </tr>`;
}

/** Long, and without a space: it may break anywhere, or a phone would have to scroll sideways. */
function address({ action }: MailText, words: MailWords): readonly string[] {
  if (action === undefined) return [];
  return [
    `                <p class="faint" style="${small};color:#5b6472;margin:20px 0 0">${words.orOpen}<br><a class="address" href="{{link}}" style="color:#1f5fd6;word-break:break-all;overflow-wrap:anywhere">{{link}}</a></p>`,
  ];
}
