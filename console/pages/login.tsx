import { useState } from 'preact/hooks';
import type { CognitoLogin } from '../cognito.ts';
import { Failure } from '../parts/failure.tsx';
import { type Login, session } from '../session.ts';

interface LoginProps {
  readonly login: Login;
  readonly problem?: string | undefined;
  onToken(): void;
}

export function LoginPage({ login, problem, onToken }: LoginProps) {
  return (
    <main class="login">
      <h1>Inlet</h1>
      {problem && <Failure message={problem} />}
      {login.kind === 'cognito' ? <CognitoButton login={login} /> : <TokenForm onToken={onToken} />}
    </main>
  );
}

function CognitoButton({ login }: { login: CognitoLogin }) {
  const leave = async () => (await import('../cognito.ts')).goToLogin(login);
  return (
    <>
      <p>Log in with the account that the administrator of this inlet made for you.</p>
      <button type="button" class="primary" onClick={() => void leave()}>
        Log in
      </button>
    </>
  );
}

function TokenForm({ onToken }: { onToken(): void }) {
  const [token, setToken] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (token.trim() === '') return;
    session.token = token.trim();
    onToken();
  };
  return (
    <form onSubmit={submit}>
      <p>
        Open the link that <code>npm start</code> printed, or paste the token that it ends with.
      </p>
      <label>
        Token
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Open the console
      </button>
    </form>
  );
}
