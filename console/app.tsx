import type { ComponentType } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Me } from '../functions/console/types.ts';
import { ApiFailure, get, whenRefused } from './api.ts';
import { startFeed, stopFeed } from './feed.ts';
import { followClicks, usePlace } from './location.ts';
import type { PageProps } from './page-props.ts';
import { AuditPage } from './pages/audit.tsx';
import { DeadPage } from './pages/dead.tsx';
import { EventPage } from './pages/event.tsx';
import { EventsPage } from './pages/events.tsx';
import { LoginPage } from './pages/login.tsx';
import { SendPage } from './pages/send.tsx';
import { SourcesPage } from './pages/sources.tsx';
import { SubjectPage } from './pages/subject.tsx';
import { Failure } from './parts/failure.tsx';
import { Header } from './parts/header.tsx';
import { beginSessionByLink, finishLogin, type Login, readLogin, session } from './session.ts';

const pages: Readonly<Record<string, ComponentType<PageProps>>> = {
  events: EventsPage,
  event: EventPage,
  subject: SubjectPage,
  dead: DeadPage,
  audit: AuditPage,
  sources: SourcesPage,
  send: SendPage,
};

type Status =
  | { readonly kind: 'starting' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'login'; readonly login: Login; readonly problem?: string }
  | { readonly kind: 'open'; readonly me: Me };

export function App() {
  const [status, setStatus] = useState<Status>({ kind: 'starting' });
  const place = usePlace();

  const enter = useCallback(async (problem?: string) => {
    try {
      const login = await readLogin();
      beginSessionByLink(login);
      await finishLogin(login);
      if (!session.token) return setStatus({ kind: 'login', login, ...(problem && { problem }) });
      const me = await get<Me>('/api/me');
      setStatus({ kind: 'open', me });
      startFeed(me.pollMs);
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) return;
      setStatus({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }, []);

  useEffect(() => {
    whenRefused(() => {
      if (!session.token) return;
      session.token = undefined;
      stopFeed();
      void enter('The token was refused: it is wrong, or its time is over.');
    });
    document.addEventListener('click', followClicks);
    document.addEventListener('auxclick', followClicks);
    void enter();
  }, []);

  // A server that is being started answers soon.
  useEffect(() => {
    if (status.kind !== 'failed') return;
    const timer = setTimeout(() => void enter(), 2_000);
    return () => clearTimeout(timer);
  }, [status]);

  if (status.kind === 'starting') return <p class="starting">Opening…</p>;
  if (status.kind === 'failed') return <Failure message={status.message} />;
  if (status.kind === 'login') {
    return <LoginPage login={status.login} problem={status.problem} onToken={() => void enter()} />;
  }
  const Page = pages[place.page] ?? EventsPage;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header page={place.page} me={status.me} />
      <main id="main" tabIndex={-1}>
        <Page key={place.page} me={status.me} query={place.query} />
      </main>
    </>
  );
}
