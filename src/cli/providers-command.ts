import { Command } from 'commander';
import { type CheckedProvider, checkProvider } from '../providers/check-provider.ts';
import { openProviders } from '../providers/open-providers.ts';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';

export function providersCommand(): Command {
  const providers = new Command('providers').description('the providers to sign in with');
  providers
    .command('check')
    .description(
      'ask each provider what it says of itself, and print what is to be entered there; exit code 1 when one can not be used',
    )
    .action(async (_options, command: Command) => {
      const { providers: list, http } = commandConfig();
      const works: (() => Promise<unknown>)[] = [];
      const known = openProviders(list, () => new Date(), { onStop: (work) => works.push(work) });
      const checked = await Promise.all(
        list.map((provider) =>
          checkProvider(known, provider, `${http.publicUrl}/sign-in/${provider.name}/callback`),
        ),
      );
      for (const work of works) await work();
      const none = 'There are no providers in the settings file.';
      print(command, checked, checked.map(linesOf).join('\n') || none);
      if (checked.some(({ problem }) => problem !== null)) process.exitCode = 1;
    });
  return providers;
}

function linesOf({ name, issuer, redirectUri, ...found }: CheckedProvider): string {
  const outcome = found.problem === null ? 'can be used' : `can not be used: ${found.problem}`;
  const lines = [`${name} ${outcome}`, `  issuer            ${issuer}`];
  if (found.authorizationEndpoint !== null) {
    lines.push(`  browsers go to    ${found.authorizationEndpoint}`);
  }
  return [...lines, `  redirect address  ${redirectUri}`].join('\n');
}
