/* millrace completion: the completion of a shell, made from what the program declares.
 *
 *   millrace completion bash > ~/.local/share/bash-completion/completions/millrace
 *   millrace completion zsh  > a folder of $fpath, as _millrace
 *   millrace completion fish > ~/.config/fish/completions/millrace.fish */

import type { Command } from 'commander';
import { UserError } from '#base';
import { write } from '../terminal.ts';

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly { readonly flag: string; readonly description: string }[];
  /** Words that its first argument may be. */
  readonly words: readonly string[];
}

const firstWords: Readonly<Record<string, readonly string[]>> = {
  services: ['up', 'down', 'list'],
  topic: [
    'list',
    'create',
    'describe',
    'alter',
    'delete',
    'tail',
    'produce',
    'groups',
    'lag',
    'reset-offsets',
  ],
  completion: ['bash', 'zsh', 'fish'],
};

export async function completion(shell: string, program: Command): Promise<number> {
  const commands = program.commands.map((c): Completed => {
    const name = c.name();
    const options = c.options.flatMap((o) =>
      [o.long, o.long === undefined ? o.short : undefined]
        .filter((flag) => flag !== undefined && flag !== null)
        .map((flag) => ({ flag, description: o.description })),
    );
    return { name, description: c.description(), options, words: firstWords[name] ?? [] };
  });
  const make = { bash, zsh, fish }[shell];
  if (make === undefined)
    throw new UserError('CLI1004', { message: `completion ${shell}: expected bash, zsh or fish` });
  write(make(commands));
  return 0;
}

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ name, options, words }) =>
      `    ${name}) words="${[...words, ...options.map((o) => o.flag)].join(' ')}" ;;`,
  );
  return `# bash completion for millrace
_millrace() {
  local words current="\${COMP_WORDS[COMP_CWORD]}"
  case "\${COMP_CWORD}:\${COMP_WORDS[1]}" in
    1:*) words="${commands.map((c) => c.name).join(' ')} --version --help" ;;
${cases.map((line) => line.replace(/^ {4}(\S+)\)/, '    *:$1)')).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _millrace millrace
`;
}

const zshText = (text: string): string => text.replace(/['[\]:\\]/g, (c) => (c === "'" ? "'\\''" : `\\${c}`));

function zsh(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options, words }) => {
    const lines = options.map((o) => `'${o.flag}[${zshText(o.description)}]'`);
    const first = words.length > 0 ? `'1: :(${words.join(' ')})'` : `'*:file:_files'`;
    return `    ${name}) _arguments ${lines.join(' ')} ${first} '*:file:_files' ;;`.replace(
      / '\*:file:_files' '\*:file:_files'/,
      " '*:file:_files'",
    );
  });
  return `#compdef millrace
_millrace() {
  local -a commands=(
${commands.map((c) => `    '${c.name}:${zshText(c.description)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
_millrace "$@"
`;
}

const fishText = (text: string): string => text.replace(/['\\]/g, '\\$&');

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, description, options, words }) => [
    `complete -c millrace -n __fish_use_subcommand -f -a ${name} -d '${fishText(description)}'`,
    ...words.map((word) => `complete -c millrace -n '__fish_seen_subcommand_from ${name}' -a ${word}`),
    ...options.map(
      (o) =>
        `complete -c millrace -n '__fish_seen_subcommand_from ${name}' ${o.flag.startsWith('--') ? `-l ${o.flag.slice(2)}` : `-s ${o.flag.slice(1)}`} -d '${fishText(o.description)}'`,
    ),
  ]);
  return `# fish completion for millrace\n${lines.join('\n')}\n`;
}
