#include "help_text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/number.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr std::size_t kMostColumns = 100;
constexpr std::size_t kFewestColumns = 40;
// The largest width of the column of names; a longer name has a line of its own.
constexpr std::size_t kWidestName = 28;
constexpr std::size_t kMargin = 2;

std::string blanks(std::size_t count) { return std::string(count, ' '); }

// Wraps `text` into lines of at most `columns`. The first line starts at column `used`, the others
// at `indent`. A longer word has a line of its own.
std::string wrapped(const std::string& text, std::size_t used, std::size_t indent,
                    std::size_t columns) {
  std::string lines;
  std::size_t column = used;
  bool at_start = true;
  for (const std::string& word : parts_of(text, ' ')) {
    if (!at_start && column + 1 + column_width(word) > columns) {
      lines += "\n" + blanks(indent);
      column = indent;
      at_start = true;
    }
    lines += (at_start ? "" : " ") + word;
    column += column_width(word) + (at_start ? 0 : 1);
    at_start = false;
  }
  return lines + "\n";
}

std::string name_of(const OptionEntry& entry) {
  const std::string placeholder = entry.placeholder();
  const std::string flags = entry.flags();
  if (placeholder.empty()) return flags;
  // The placeholder follows the flag with the value: --align auto|on|off, --no-align.
  const std::size_t comma = std::min(flags.find(','), flags.size());
  return flags.substr(0, comma) + " " + placeholder + flags.substr(comma);
}

std::string row(const std::string& name, const std::string& text, std::size_t width,
                std::size_t columns) {
  const std::size_t indent = kMargin + width + kMargin;
  const bool fits = column_width(name) <= width;
  const std::string head = blanks(kMargin) + (fits ? pad_right(name, width) + blanks(kMargin)
                                                   : name + "\n" + blanks(indent));
  return head + wrapped(text, indent, indent, columns);
}

std::string text_of(const OptionEntry& entry) {
  const std::string remark = entry.remark();
  return entry.field.help + (remark.empty() ? "" : " [" + remark + "]");
}

std::string rows(const std::vector<OptionEntry>& options, std::size_t columns) {
  std::size_t width = 0;
  for (const OptionEntry& entry : options) {
    const std::size_t name = column_width(name_of(entry));
    if (name <= kWidestName) width = std::max(width, name);
  }
  std::string text;
  for (const OptionEntry& entry : options) {
    text += row(name_of(entry), text_of(entry), width, columns);
  }
  return text;
}

std::string usage(const Program& program, const Command& command) {
  std::string arguments;
  for (const OptionGroup& group : option_groups(command.options)) {
    for (const OptionEntry& entry : group.options) {
      if (entry.field.positional) arguments += " " + entry.flags();
    }
  }
  return "Usage: " + program.call(command) + " [OPTION...]" + arguments + "\n";
}

std::string examples(const Command& command, std::size_t columns) {
  if (command.examples.empty()) return "";
  std::string text = command.examples.size() == 1 ? "\nExample:\n" : "\nExamples:\n";
  const std::size_t indent = 3 * kMargin;
  for (const Example& example : command.examples) {
    text += blanks(kMargin) + example.line + "\n";
    text += blanks(indent) + wrapped(example.effect, indent, indent, columns);
  }
  return text;
}

std::string heading(const std::string& description, std::size_t columns) {
  const bool ends = description.ends_with('.');
  return wrapped(description + (ends ? "" : "."), 0, 0, columns) + "\n";
}

std::string where_the_rest_is(const Program& program, const Command& command,
                              const std::vector<OptionGroup>& groups, std::size_t columns) {
  std::size_t count = 0;
  std::vector<std::string> names;
  for (const OptionGroup& group : groups) {
    names.push_back(to_lower(group.name));
    count += group.options.size();
  }
  return "\n" + wrapped(program.call(command) + " --help-all shows all " + std::to_string(count) +
                            " options in groups: " + join(names, ", ") + ".",
                        0, 0, columns);
}

}  // namespace

std::string short_help(const Program& program, const Command& command, std::size_t columns) {
  const std::vector<OptionGroup> groups = all_options(program, command);
  std::vector<OptionEntry> first;
  for (const OptionGroup& group : groups) {
    for (const OptionEntry& entry : group.options) {
      if (entry.field.shown_first) first.push_back(entry);
    }
  }
  return heading(command.description, columns) + usage(program, command) +
         examples(command, columns) + "\nOptions that most people need first:\n" +
         rows(first, columns) + where_the_rest_is(program, command, groups, columns);
}

std::string full_help(const Program& program, const Command& command, std::size_t columns) {
  std::string text =
      heading(command.description, columns) + usage(program, command) + examples(command, columns);
  for (const OptionGroup& group : all_options(program, command)) {
    text += "\n" + group.name + ":\n" + rows(group.options, columns);
  }
  return text;
}

std::string commands_help(const Program& program, std::size_t columns) {
  std::size_t width = 0;
  for (const Command& command : program.commands) width = std::max(width, command.name.size());
  std::string text = heading(program.description, columns) + "Usage: " + program.name +
                     " COMMAND [OPTION...]\n\nCommands:\n";
  for (const Command& command : program.commands) {
    text += row(command.name, command.description, width, columns);
  }
  return text + "\n" +
         wrapped(program.name +
                     " COMMAND --help shows a command's most needed options, --help-all shows " +
                     "all of them; " + program.name +
                     " --version shows the versions of the program and its libraries.",
                 0, 0, columns);
}

std::size_t help_columns() {
  std::size_t columns = kMostColumns;
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) columns = window.ws_col;
  const char* given = std::getenv("COLUMNS");
  if (const auto wanted = to_number<std::size_t>(given == nullptr ? "" : given)) {
    if (*wanted > 0) columns = *wanted;
  }
  return std::clamp(columns, kFewestColumns, kMostColumns);
}

}  // namespace fer
