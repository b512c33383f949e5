import { GatehouseError, type SessionUser } from 'graphql-gatehouse-client';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import { MyScopesDocument } from '../generated/admin/graphql.ts';
import { ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Loading } from '../kit/loading.tsx';
import { Menu, type MenuProps } from '../kit/menu.tsx';
import { mustEnrol } from '../kit/must-enrol.ts';
import { Page } from '../kit/page.tsx';
import { UnknownSession } from '../kit/person.tsx';
import { problemSentence } from '../kit/problem.ts';
import { session, sessionState } from '../kit/session.ts';
import { at, settings } from '../kit/settings.ts';
import { SignInForm } from '../kit/sign-in-form.tsx';
import { StepUpHost } from '../kit/step-up-host.tsx';
import { kitText } from '../kit/texts.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { leaveActing } from './acting.ts';
import { ActingBanner } from './acting-banner.tsx';
import { ask } from './administration.ts';
import { forgetReason } from './change-dialog.tsx';
import { Events } from './events.tsx';
import { NotFound } from './not-found.tsx';
import { Roles } from './roles.tsx';
import { Scopes } from './scopes.ts';
import { Sessions } from './sessions.tsx';
import { System } from './system.tsx';
import { text } from './text.ts';
import { User } from './user.tsx';
import { Users } from './users.tsx';

/** Links of ours are followed in the page, all others by the browser. */
const ours = new RegExp(`^${settings.base.replace(/\W/g, '\\$&')}/admin(/|\\?|$)`);

/**
 * The console: for administrators. All others are told so, and nothing else. When a session ends, by
 * whomever, what it has shown of other people is gone (ASVS 5.0 14.3.1).
 */
export function Console() {
  const { user, status } = sessionState.value;
  if (user) return <PersonsConsole key={user.id} person={user} />;
  const isKnown = status === 'signed-out';
  return (
    <Page title={text('console')} width="narrow" home="/admin">
      {isKnown ? (
        <Card title={kitText('signIn.title')} lead={text('signIn.lead')}>
          <SignInForm />
        </Card>
      ) : (
        <UnknownSession />
      )}
    </Page>
  );
}

function PersonsConsole({ person }: { readonly person: SessionUser }) {
  const scopes = useLoaded(() => ask(MyScopesDocument));
  useEffect(
    () => () => {
      forgetReason();
      leaveActing();
    },
    [],
  );
  const { problem } = scopes;
  const isNoAdministrator =
    problem instanceof GatehouseError && problem.code === 'FORBIDDEN' && !scopes.data;
  if (isNoAdministrator || !scopes.data) {
    return (
      <Page title={text('console')} width="narrow" home="/admin" menu={<ConsoleMenu />}>
        {mustEnrol(problem) ? (
          <Card title={text('console')} lead={problemSentence(problem)}>
            <Actions>
              <ButtonLink href={at('/account/security')}>{text('enrol')}</ButtonLink>
            </Actions>
          </Card>
        ) : isNoAdministrator ? (
          <Card title={text('console')}>
            <p>{text('notForYou', { name: person.email ?? person.username ?? person.id })}</p>
          </Card>
        ) : (
          <Loading of={scopes}>{() => null}</Loading>
        )}
      </Page>
    );
  }
  return (
    <Scopes.Provider value={scopes.data.myScopes}>
      <LocationProvider scope={ours}>
        <Frame scopes={scopes.data.myScopes}>
          <Router onRouteChange={toTheTop}>
            <Route path={at('/admin')} component={Users} />
            <Route path={at('/admin/users/:id')} component={User} />
            <Route path={at('/admin/sessions')} component={Sessions} />
            <Route path={at('/admin/events')} component={Events} />
            <Route path={at('/admin/roles')} component={Roles} />
            <Route path={at('/admin/system')} component={System} />
            <Route default component={NotFound} />
          </Router>
        </Frame>
      </LocationProvider>
    </Scopes.Provider>
  );
}

interface FrameProps {
  readonly scopes: readonly string[];
  readonly children: ComponentChildren;
}

function Frame({ scopes, children }: FrameProps) {
  const { path } = useLocation();
  const entries = [
    { path: '/admin', label: text('menu.users'), scope: 'users:read' },
    { path: '/admin/sessions', label: text('sessions.title'), scope: 'sessions:revoke' },
    { path: '/admin/events', label: text('menu.events'), scope: 'audit:read' },
    { path: '/admin/roles', label: text('menu.roles'), scope: 'users:read' },
    { path: '/admin/system', label: text('menu.system') },
  ].filter(({ scope }) => scope === undefined || scopes.includes(scope));
  const isOfUsers = path.startsWith(at('/admin/users/')) || path === at('/admin/');
  const current = isOfUsers ? at('/admin') : path;
  const title = entries.find((entry) => at(entry.path) === current)?.label ?? text('console');
  return (
    <Page
      title={title}
      width="wide"
      home="/admin"
      menu={<ConsoleMenu current={current} entries={entries} />}
    >
      <ActingBanner />
      {children}
      <StepUpHost />
    </Page>
  );
}

function ConsoleMenu({ current = '', entries = [] }: Partial<Omit<MenuProps, 'children'>>) {
  return (
    <Menu label={text('console')} current={current} entries={entries}>
      <button type="button" onClick={() => void session.logout()}>
        {kitText('signOut')}
      </button>
    </Menu>
  );
}

/** Who hears the page learns that it is another one. */
function toTheTop(): void {
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}
