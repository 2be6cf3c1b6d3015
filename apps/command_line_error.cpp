#include "command_line_error.h"

#include <algorithm>

#include "fer/core/option_spelling.h"
#include "fer/core/text.h"

namespace fer {

namespace {

using Words = std::vector<std::string>;

bool is_one_of(const std::string& word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The app of the subcommand that the words name; without subcommands the program's app.
const CLI::App& used_app(const CLI::App& app, const Words& words) {
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!words.empty() && command->get_name() == words.front()) return *command;
  }
  return app;
}

Words app_flags(const CLI::App& app) {
  Words flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

// The first unknown flag; after "--" all words are arguments.
std::string unknown_flag(const Words& words, const Words& flags) {
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::string flag = word.substr(0, word.find('='));
    if (!word.starts_with("--") || is_one_of(flag, flags)) continue;
    const auto near = nearest(flag, flags);
    return "unknown flag " + quote(flag) + (near ? "; did you mean " + *near + "?" : "");
  }
  return {};
}

// The option that a message of CLI11 begins with: "--lr: 1 required TEXT missing".
const OptionEntry* named_option(const std::string& message,
                                const std::vector<OptionGroup>& groups) {
  const std::string name = message.substr(0, message.find(':'));
  for (const OptionGroup& group : groups) {
    for (const OptionEntry& entry : group.options) {
      if (name == flag_of(entry.field.name) || name == entry.field.name) return &entry;
    }
  }
  return nullptr;
}

std::int64_t times_given(const std::string& flag, const Words& words) {
  return std::count_if(words.begin(), words.end(), [&](const std::string& word) {
    return word == flag || word.starts_with(flag + "=");
  });
}

std::string wrong_number_of_values(const Field& field, const Words& words) {
  const std::string flag = flag_of(field.name);
  const std::int64_t times = times_given(flag, words);
  if (times > 1) return flag + ": is given " + std::to_string(times) + " times; allowed: once";
  if (times == 0) return flag + ": takes one value, and there are more arguments than that";
  const std::string allowed = allowed_values(field);
  return flag + ": needs a value" + (allowed.empty() ? "" : "; allowed: " + allowed);
}

std::string unexpected(const CLI::App& app) {
  for (const std::string& word : app.remaining(/*recurse=*/true)) {
    if (word == "--") continue;
    const bool is_short_flag = word.size() > 1 && word.front() == '-';
    if (is_short_flag) {
      return "unknown flag " + quote(word) + "; flags begin with --, as " +
             quote("--" + word.substr(1)) + " would";
    }
    return "the argument " + quote(word) + " is not expected here";
  }
  return "there is an argument too many";
}

}  // namespace

std::string command_line_error(const CLI::ParseError& error, const CLI::App& app,
                               const Program& program, const Words& words) {
  const bool names_command = !words.empty() && !words.front().starts_with("-");
  const CLI::App& used = used_app(app, words);
  if (program.has_subcommands() && &used == &app) {
    const std::string known = "; known: " + join(program.command_names(), ", ");
    return (names_command ? "unknown command " + quote(words.front())
                          : std::string("no command is named")) +
           known;
  }
  if (const std::string unknown = unknown_flag(words, app_flags(used)); !unknown.empty()) {
    return unknown;
  }
  const Command* command = program.find(words.empty() ? "" : words.front());
  const std::string message = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr || command == nullptr) {
    return unexpected(app);
  }
  const std::vector<OptionGroup> groups = all_options(program, *command);
  const OptionEntry* entry = named_option(message, groups);
  if (entry == nullptr) return "the command line is not understood";
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return wrong_number_of_values(entry->field, words);
  }
  return flag_of(entry->field.name) + ": has a value that it does not take";
}

}  // namespace fer
