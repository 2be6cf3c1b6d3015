#include "option_man.h"

#include <algorithm>
#include <vector>

#include "fer/core/text.h"
#include "fer/core/version.h"

namespace fer {

namespace {

// Escapes text for roff: hyphens that can be copied to a command line, no accidental requests.
std::string roff(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else if (c == '\'') {
      safe += "\\(aq";
    } else {
      safe += c;
    }
  }
  return safe.starts_with('.') ? "\\&" + safe : safe;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }

std::string section(const std::string& name) { return ".SH " + name + "\n"; }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  });
  return text;
}

std::string sentence(const std::string& text) { return text + (text.ends_with('.') ? "" : "."); }

std::string option(const OptionEntry& entry) {
  const std::string value = entry.placeholder();
  const std::string remark = entry.remark();
  std::string text = ".TP\n" + bold(entry.flags());
  if (!value.empty()) text += " \\fI" + roff(value) + "\\fR";
  text += "\n" + roff(sentence(entry.field.help));
  if (!remark.empty()) text += " [" + roff(remark) + "]";
  return text + "\n";
}

std::string group_of(const std::string& title, const OptionGroup& group) {
  std::string text = ".SS " + roff(title) + "\n";
  for (const OptionEntry& entry : group.options) text += option(entry);
  return text;
}

// The options of all commands; the general ones come last, once. Commands differ in which general
// options they have.
void add_missing(const OptionGroup& from, OptionGroup& to) {
  for (const OptionEntry& entry : from.options) {
    const auto same = [&](const OptionEntry& other) {
      return other.field.name == entry.field.name;
    };
    if (std::none_of(to.options.begin(), to.options.end(), same)) to.options.push_back(entry);
  }
}

std::string options(const Program& program) {
  std::string text;
  OptionGroup general{.name = "General", .options = {}};
  for (const Command& command : program.commands) {
    for (const OptionGroup& group : all_options(program, command)) {
      if (group.name == general.name) {
        add_missing(group, general);
      } else {
        const bool alone = command.name.empty();
        text += group_of(alone ? group.name : command.name + ": " + group.name, group);
      }
    }
  }
  return section("OPTIONS") + text + group_of(general.name, general);
}

std::string arguments(const Command& command) {
  std::string text;
  for (const OptionGroup& group : option_groups(command.options)) {
    for (const OptionEntry& entry : group.options) {
      if (entry.field.positional) text += " \\fI" + roff(entry.flags()) + "\\fR";
    }
  }
  return text;
}

std::string synopsis(const Program& program) {
  std::string text = section("SYNOPSIS");
  for (const Command& command : program.commands) {
    if (&command != &program.commands.front()) text += ".br\n";
    text += bold(program.call(command)) + " [\\fIOPTION\\fR...]" + arguments(command) + "\n";
  }
  return text;
}

std::string description(const Program& program) {
  std::string text = section("DESCRIPTION") + roff(sentence(program.description)) + "\n";
  if (!program.has_subcommands()) return text;
  for (const Command& command : program.commands) {
    text += ".TP\n" + bold(command.name) + "\n" + roff(sentence(command.description)) + "\n";
  }
  return text;
}

std::string examples(const Program& program) {
  std::string text;
  for (const Command& command : program.commands) {
    for (const Example& example : command.examples) {
      text += ".TP\n" + bold(example.line) + "\n" + roff(sentence(example.effect)) + "\n";
    }
  }
  return text.empty() ? "" : section("EXAMPLES") + text;
}

constexpr const char* kExitStatus =
    ".SH EXIT STATUS\n"
    ".TP\n0\nDone.\n"
    ".TP\n1\nAn error of the user or the world around; one line on standard error says what and "
    "where.\n"
    ".TP\n2\nA command line that cannot be.\n"
    ".TP\n3\nAn internal error.\n"
    ".TP\n130\nInterrupted.\n";

constexpr const char* kEnvironment =
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBFER_MODELS\\fR, \\fBFER_DETECTORS\\fR\nFolders in which released models and "
    "detectors are "
    "looked for first.\n"
    ".TP\n\\fBFER_CPU\\fR\nThe vector instructions that networks run with, of those that the "
    "processor has: baseline, avx2, avx512, avx512_vnni, avx512_bf16 or avx512_amx.\n"
    ".TP\n\\fBNO_COLOR\\fR\nSwitches colours off; there are none where \\fBTERM\\fR is dumb, nor "
    "behind mpirun.\n"
    ".TP\n\\fBCOLUMNS\\fR\nThe width of help texts.\n";

std::string see_also(const Program& program) {
  std::vector<std::string> others;
  for (const char* name :
       {"fer-data", "fer-eval", "fer-model", "fer-predict", "fer-serve", "fer-train"}) {
    if (program.name != name) others.push_back(bold(name) + "(1)");
  }
  return section("SEE ALSO") + join(others, ", ") + "\n";
}

}  // namespace

std::string man_page(const Program& program) {
  std::string text = ".TH " + roff(upper(program.name)) + " 1 \"\" \"fer " + version() + "\"\n";
  std::string what = program.description;
  if (what.ends_with('.')) what.pop_back();
  text += section("NAME") + roff(program.name) + " \\- " + roff(what) + "\n";
  text += synopsis(program) + description(program) + options(program);
  return text + examples(program) + kExitStatus + kEnvironment + see_also(program);
}

}  // namespace fer
