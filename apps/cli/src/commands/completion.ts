/* millrace completion: the completion of a shell, made from what the program declares.
 *
 *   millrace completion bash > ~/.local/share/bash-completion/completions/millrace
 *   millrace completion zsh  > a folder of $fpath, as _millrace
 *   millrace completion fish > ~/.config/fish/completions/millrace.fish */

import type { Command } from 'commander';
import { UserError } from '#base';
import { modes } from '#testkit';
import { resultFormats } from '../results/formats.ts';
import { write } from '../terminal.ts';

interface CompletedOption {
  readonly flag: string;
  readonly description: string;
  /** What its argument is: words to choose from, a file, any text; undefined where it takes none. */
  readonly takes: readonly string[] | 'file' | 'text' | undefined;
}
interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Words that its first argument may be. */
  readonly words: readonly string[];
  /** Words that the arguments behind it may be. */
  readonly rest: readonly string[];
}

const firstWords: Readonly<Record<string, readonly string[]>> = {
  services: ['up', 'down', 'list'],
  jobs: ['list', 'show', 'stop', 'savepoint', 'cancel'],
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
  dlq: ['list', 'show', 'replay', 'purge'],
  schema: ['list', 'show', 'check', 'register', 'diff', 'infer', 'evolve'],
  completion: ['bash', 'zsh', 'fish'],
};
const restWords: Readonly<Record<string, readonly string[]>> = {
  services: ['kafka', 'postgres', 'registry'],
};
/** What options take that are not free text, whichever command they are of. */
const taken: Readonly<Record<string, readonly string[] | 'file'>> = {
  '-f': 'file',
  '--file': 'file',
  '--ca': 'file',
  '--through': 'file',
  '--data': 'file',
  '--state-dir': 'file',
  '--from-savepoint': 'file',
  '--savepoint': 'file',
  '--format': resultFormats,
  '--mode': [...modes, 'all'],
  '--style': ['table', 'json'],
  '--output': ['text', 'json'],
};

export async function completion(shell: string, program: Command): Promise<number> {
  const commands = program.commands.map((c): Completed => {
    const name = c.name();
    const options = c.options.map((o): CompletedOption => {
      const flag = o.long ?? o.short ?? '';
      const free = name === 'topic' && flag === '--format';
      const takes = o.required ? ((free ? undefined : taken[flag]) ?? 'text') : undefined;
      return { flag, description: o.description, takes };
    });
    return {
      name,
      description: c.description(),
      options,
      words: firstWords[name] ?? [],
      rest: restWords[name] ?? [],
    };
  });
  const make = { bash, zsh, fish }[shell];
  if (make === undefined)
    throw new UserError('CLI1004', { message: `completion ${shell}: expected bash, zsh or fish` });
  write(make(commands));
  return 0;
}

function bash(commands: readonly Completed[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flag, takes }) =>
      takes === undefined
        ? []
        : [`    '${name} ${flag}') values="${typeof takes === 'string' ? '' : takes.join(' ')}" ;;`],
    ),
  );
  const cases = commands.flatMap(({ name, options, words, rest }) => {
    const flags = options.map((o) => o.flag);
    return [
      `    2:${name}) words="${[...words, ...flags].join(' ')}" ;;`,
      `    *:${name}) words="${[...rest, ...flags].join(' ')}" ;;`,
    ];
  });
  return `# bash completion for millrace
_millrace() {
  local words values=- current="\${COMP_WORDS[COMP_CWORD]}"
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  case "\${COMP_CWORD}:\${COMP_WORDS[1]}" in
    1:*) words="${commands.map((c) => c.name).join(' ')} --version --help" ;;
${cases.join('\n')}
  esac
  [[ $values == - ]] || words=$values
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _millrace millrace
`;
}

const zshText = (text: string): string => text.replace(/['[\]:\\]/g, (c) => (c === "'" ? "'\\''" : `\\${c}`));

function zsh(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options, words, rest }) => {
    const lines = options.map(({ flag, description, takes }) => {
      const told = `${flag}[${zshText(description)}]`;
      if (takes === undefined) return `'${told}'`;
      const what = takes === 'file' ? '_files' : takes === 'text' ? ' ' : `(${takes.join(' ')})`;
      return `'*${told}:${flag.replace(/^-+/, '')}:${what}'`;
    });
    const names =
      words.length === 0
        ? ["'*:file:_files'"]
        : [`'1:action:(${words.join(' ')})'`, ...(rest.length === 0 ? [] : [`'*:name:(${rest.join(' ')})'`])];
    return `    ${name}) _arguments ${[...lines, ...names].join(' ')} ;;`;
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
  const lines = commands.flatMap(({ name, description, options, words, rest }) => {
    const seen = `__fish_seen_subcommand_from ${name}`;
    const action = `__fish_seen_subcommand_from ${words.join(' ')}`;
    return [
      `complete -c millrace -n __fish_use_subcommand -f -a ${name} -d '${fishText(description)}'`,
      ...(words.length === 0
        ? []
        : [`complete -c millrace -n '${seen}; and not ${action}' -f -a '${words.join(' ')}'`]),
      ...(words.length === 0
        ? []
        : [`complete -c millrace -n '${seen}; and ${action}' -f -a '${rest.join(' ')}'`]),
      ...options.map(({ flag, description: about, takes }) => {
        const option = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
        const what =
          takes === undefined
            ? ''
            : takes === 'file'
              ? ' -r -F'
              : ` -x${takes === 'text' ? '' : ` -a '${takes.join(' ')}'`}`;
        return `complete -c millrace -n '${seen}' ${option}${what} -d '${fishText(about)}'`;
      }),
    ];
  });
  return `# fish completion for millrace\n${lines.join('\n')}\n`;
}
