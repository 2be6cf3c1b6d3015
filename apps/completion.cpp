#include "completion.h"

#include <algorithm>
#include <map>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/option_spelling.h"
#include "fer/core/text.h"

namespace fer {

namespace {

std::string function_name(const Program& program) {
  std::string name = "_" + program.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<OptionEntry> options_of(const Program& program, const Command& command) {
  std::vector<OptionEntry> all;
  for (const OptionGroup& group : all_options(program, command)) {
    all.insert(all.end(), group.options.begin(), group.options.end());
  }
  return all;
}

bool takes_files(const std::vector<OptionEntry>& options) {
  return std::any_of(options.begin(), options.end(),
                     [](const OptionEntry& entry) { return entry.field.positional; });
}

constexpr const char* kReturnIfOffered = "if ((${#COMPREPLY[@]})); then return; fi";

// The words that bash puts into COMPREPLY.
std::string bash_words(const std::vector<std::string>& words) {
  return "mapfile -t COMPREPLY < <(compgen -W '" + join(words, " ") + "' -- \"$word\")";
}
std::string bash_files(const char* option) {
  return std::string("compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen ") +
         option + " -- \"$word\")";
}

// Completes the value behind a flag; numbers are not completed.
std::string bash_value(const OptionEntry& entry) {
  const std::string indent = "\n      ";
  // An on/off option may also stand alone: another word than its choices is the next word.
  if (entry.is_switch()) return bash_words(entry.field.choices) + indent + kReturnIfOffered;
  if (!entry.field.choices.empty()) return bash_words(entry.field.choices) + indent + "return";
  if (entry.field.completion == Completion::nothing) return "return";
  return bash_files(entry.field.completion == Completion::folder ? "-d" : "-f") + indent + "return";
}

// The cases of a command's flags with a value; flags that are completed alike share a case.
std::string bash_cases(const std::vector<OptionEntry>& options, const std::string& command) {
  std::map<std::string, std::string> patterns;
  for (const OptionEntry& entry : options) {
    if (entry.kind == OptionKind::truth || entry.field.positional) continue;
    std::string& pattern = patterns[bash_value(entry)];
    pattern +=
        (pattern.empty() ? "" : " | ") + ("'" + command + " " + flag_of(entry.field.name) + "'");
  }
  std::string cases;
  for (const auto& [value, pattern] : patterns) {
    cases += "    " + pattern + ")\n      " + value + " ;;\n";
  }
  return cases;
}

std::string bash_flags(const std::vector<OptionEntry>& options, const std::string& command) {
  std::vector<std::string> flags;
  for (const OptionEntry& entry : options) {
    if (entry.field.positional) continue;
    const std::vector<std::string> forms = parts_of(entry.flags(), ',');
    flags.insert(flags.end(), forms.begin(), forms.end());
  }
  const std::string own = bash_words(flags);
  std::string text = "    '" + command + "')\n";
  if (takes_files(options)) {
    text += "      if [[ $word != -* ]]; then " + bash_files("-f") + "; return; fi\n";
  }
  return text + "      " + own + " ;;\n";
}

std::string bash_script(const Program& program) {
  const std::string function = function_name(program);
  const std::vector<std::string> names = program.command_names();
  std::string cases;
  std::string flags;
  for (const Command& command : program.commands) {
    const std::vector<OptionEntry> options = options_of(program, command);
    cases += bash_cases(options, command.name);
    flags += bash_flags(options, command.name);
  }
  std::string script =
      "# Completion of " + program.name + " in bash, written by: " + program.name +
      " --completion bash\n" + function +
      "() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=\n"
      "  # Bash splits --flag=value at the equals sign.\n"
      "  if [[ $word == = ]]; then\n"
      "    word=\n"
      "  elif [[ $before == = && $COMP_CWORD -gt 2 ]]; then\n"
      "    before=${COMP_WORDS[COMP_CWORD - 2]}\n"
      "  fi\n"
      "  COMPREPLY=()\n";
  if (!names.empty()) {
    script += "  if [[ $COMP_CWORD -eq 1 ]]; then\n    " + bash_words([&] {
                std::vector<std::string> first = names;
                first.insert(first.end(), {"--help", "--version"});
                return first;
              }()) +
              "\n    return\n  fi\n  command=${COMP_WORDS[1]}\n";
  }
  return script + "  case \"$command $before\" in\n" + cases + "  esac\n  case $command in\n" +
         flags + "  esac\n}\ncomplete -F " + function + " " + program.name + "\n";
}

// Text inside single quotes, and in the brackets of _arguments.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

// The first clause: a menu of completions has a line for each option.
std::string summary(const std::string& help) {
  return help.substr(0, std::min({help.find("; "), help.find(". "), help.size()}));
}

std::string zsh_action(const OptionEntry& entry) {
  if (!entry.field.choices.empty()) return "(" + join(entry.field.choices, " ") + ")";
  if (entry.field.completion == Completion::nothing) return " ";
  return entry.field.completion == Completion::folder ? "_files -/" : "_files";
}

std::string zsh_option(const OptionEntry& entry) {
  const std::string text = "[" + zsh_text(summary(entry.field.help)) + "]";
  const std::string name =
      zsh_text(entry.field.placeholder.empty() ? entry.field.name : entry.field.placeholder);
  if (entry.field.positional) {
    const std::string many = entry.kind == OptionKind::list ? "*" : "";
    return "'" + many + ":" + name + ":" + zsh_action(entry) + "'";
  }
  std::string specs;
  for (const std::string& flag : parts_of(entry.flags(), ',')) {
    const bool value = entry.kind != OptionKind::truth && flag == flag_of(entry.field.name);
    specs += specs.empty() ? "" : " \\\n    ";
    specs += std::string("'") + (entry.kind == OptionKind::list ? "*" : "") + flag;
    if (!value) {
      specs += text + "'";
    } else {
      // The value of an on/off option may be left out.
      specs += "=" + text + (entry.is_switch() ? "::" : ":") + name + ":" + zsh_action(entry) + "'";
    }
  }
  return specs;
}

std::string zsh_arguments(const std::vector<OptionEntry>& options) {
  std::string call = "_arguments";
  for (const OptionEntry& entry : options) call += " \\\n    " + zsh_option(entry);
  return call + "\n";
}

std::string zsh_commands(const Program& program) {
  std::string menu;
  std::string cases;
  for (const Command& command : program.commands) {
    menu += " " + command.name + "\\:\"" + zsh_text(command.description) + "\"";
    cases +=
        "    " + command.name + ") " + zsh_arguments(options_of(program, command)) + "    ;;\n";
  }
  return "local curcontext=$curcontext state line\n"
         "_arguments -C '--help[Show the commands]' '--version[Show versions]' \\\n"
         "    '1:command:((" +
         menu.substr(1) +
         "))' '*::argument:->rest'\n"
         "if [[ $state == rest ]]; then\n"
         "  case $line[1] in\n" +
         cases + "  esac\nfi\n";
}

std::string zsh_script(const Program& program) {
  return "#compdef " + program.name + "\n# Completion of " + program.name +
         " in zsh, written by: " + program.name + " --completion zsh\n" +
         (program.has_subcommands() ? zsh_commands(program)
                                    : zsh_arguments(options_of(program, program.commands.front())));
}

}  // namespace

std::string completion_script(const Program& program, const std::string& shell) {
  if (shell == "bash") return bash_script(program);
  if (shell == "zsh") return zsh_script(program);
  throw Error("--completion: " + quote(shell) + " is not known; allowed: bash, zsh");
}

}  // namespace fer
