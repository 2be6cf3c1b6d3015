#include "run_app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "completion.h"
#include "fer/commands/version.h"
#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "help_text.h"
#include "option_flags.h"
#include "option_markdown.h"
#include "terminal_console.h"

namespace fer {

namespace {

constexpr int kUserError = 1;
constexpr int kUsageError = 2;
constexpr int kInternalError = 3;
constexpr std::size_t kMostConfigBytes = 1u << 20;

void print_error(const std::string& program, const std::string& message) {
  std::cerr << program << ": error: " << without_passwords(message) << '\n';
}

// Help is written from the options, not from what CLI11 knows of them.
class HelpFormatter final : public CLI::FormatterBase {
 public:
  explicit HelpFormatter(const Program& program) : program_(program) {}

  std::string make_help(const CLI::App* app, std::string /*name*/,
                        CLI::AppFormatMode mode) const override {
    const bool top = app->get_parent() == nullptr;
    if (top && program_.has_subcommands()) return commands_help(program_, help_columns());
    const Command* command = program_.find(top ? "" : app->get_name());
    return mode == CLI::AppFormatMode::All ? full_help(program_, *command, help_columns())
                                           : short_help(program_, *command, help_columns());
  }

 private:
  const Program& program_;
};

// A command with its flags bound to one CLI11 app.
struct BoundCommand {
  const Command& command;
  CLI::App* app;
  FlagWords words;
  std::unique_ptr<std::string> config;
};

BoundCommand bind(const Command& command, CLI::App& app) {
  BoundCommand bound{command, &app, FlagWords(app, command.options),
                     std::make_unique<std::string>()};
  app.add_option("--config", *bound.config);
  return bound;
}

// The config of the run folder that is gone on with, then what --config changes in it.
std::vector<std::string> config_paths(const BoundCommand& bound) {
  std::vector<std::string> paths;
  const std::string& option = bound.command.config_folder_option;
  const std::string folder = option.empty() ? "" : bound.words.word(option);
  if (!folder.empty()) {
    const auto path = std::filesystem::path(folder) / "config.json";
    std::error_code code;
    if (!std::filesystem::exists(path, code)) {
      throw Error("--" + option + " " + folder + ": is no run folder: it has no config.json");
    }
    paths.push_back(path.string());
  }
  if (!bound.config->empty()) paths.push_back(*bound.config);
  return paths;
}

// A key that stands twice would silently lose one of its values.
nlohmann::json::parser_callback_t refuse_twice(const std::string& path) {
  return [path, seen = std::set<std::string>()](int depth, nlohmann::json::parse_event_t event,
                                                nlohmann::json& parsed) mutable {
    const bool key = event == nlohmann::json::parse_event_t::key && depth == 1;
    if (key && !seen.insert(parsed.get<std::string>()).second) {
      throw Error(path + ": the key " + quote(parsed.get<std::string>()) + " is there twice");
    }
    return true;
  };
}

void apply_config(const BoundCommand& bound, const std::string& path) {
  nlohmann::json config;
  try {
    config = nlohmann::json::parse(read_file(path, kMostConfigBytes), refuse_twice(path), true,
                                   /*ignore_comments=*/true);
  } catch (const nlohmann::json::exception& error) {  // also for numbers no double can hold
    throw Error(path + ": is not valid JSON: " + error.what());
  }
  options_from_json(config, bound.command.options, path);
}

int run_command(const BoundCommand& bound, const std::string& program) {
  for (const std::string& path : config_paths(bound)) apply_config(bound, path);
  try {
    bound.words.apply(bound.command.options);
    bound.command.check();
  } catch (const Error& error) {
    print_error(program, error.what());
    return kUsageError;
  }
  const CommonOptions& common = *bound.command.common;
  set_up_process(common);
  if (bound.command.stops_by_itself) catch_stop_signals();
  const auto console = make_terminal_console({common.log_level, common.quiet});
  const int code = bound.command.run(*console);
  console->results().flush();
  if (!console->results()) throw Error("stdout cannot be written");
  return code;
}

// CLI11's message, or a better one: which flag or command is unknown, and which was meant.
std::string explain(const CLI::ParseError& error, const CLI::App& app,
                    const std::vector<std::string>& words) {
  const auto subcommands = app.get_subcommands({});
  std::vector<std::string> known;
  for (const CLI::App* command : subcommands) known.push_back(command->get_name());
  const bool names_command = !words.empty() && !words.front().starts_with("-");
  const CLI::App* used = &app;
  for (const CLI::App* command : subcommands) {
    if (names_command && command->get_name() == words.front()) used = command;
  }
  if (used == &app && names_command && !known.empty()) {
    return "unknown command " + quote(words.front()) + "; known: " + join(known, ", ");
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  std::vector<std::string> flags;
  for (const CLI::Option* option : used->get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  for (const std::string& word : words) {
    const std::string flag = word.substr(0, word.find('='));
    if (!word.starts_with("--") || std::find(flags.begin(), flags.end(), flag) != flags.end()) {
      continue;
    }
    const auto near = nearest(flag, flags);
    return "unknown flag " + quote(flag) + (near ? "; did you mean " + *near + "?" : "");
  }
  return error.what();
}

// --completion SHELL and [COMMAND] --help-markdown GROUPS, which people seldom type.
std::optional<std::string> generated_text(const Program& program,
                                          const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "--completion") return completion_script(program, words[1]);
  if (words.size() < 2 || words[words.size() - 2] != "--help-markdown") return std::nullopt;
  const Command* command = program.find(words.front());
  if (command == nullptr) return std::nullopt;
  return options_as_markdown(all_options(program, *command), parts_of(words.back(), ','));
}

int parse_and_run(const std::vector<std::string>& words, const Program& program) {
  CLI::App app(program.description, program.name);
  app.set_version_flag("--version", [&] { return version_text(program.name); });
  app.set_help_flag("-h,--help");
  app.set_help_all_flag("--help-all");
  app.formatter(std::make_shared<HelpFormatter>(program));
  std::vector<BoundCommand> bound;
  bound.reserve(program.commands.size());
  for (const Command& command : program.commands) {
    bound.push_back(command.name.empty() ? bind(command, app)
                                         : bind(command, *app.add_subcommand(command.name)));
  }
  if (program.has_subcommands()) app.require_subcommand(1);
  try {
    std::vector<std::string> given = words;
    for (const Command& command : program.commands) {
      given = with_joined_switches(given, command.options);
    }
    std::reverse(given.begin(), given.end());  // CLI11 takes them from the back
    app.parse(std::move(given));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --help-all and --version
    print_error(program.name, explain(error, app, words) + "; see " + program.name + " --help");
    return kUsageError;
  }
  for (const BoundCommand& candidate : bound) {
    if (candidate.app->parsed()) return run_command(candidate, program.name);
  }
  return kInternalError;
}

}  // namespace

int run_app(int argc, char** argv, const Program& program) {
  // Who stops reading us must not end what we are at: writing fails instead, and is told.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (const auto text = generated_text(program, words)) {
      std::cout << *text << std::flush;
      return 0;
    }
    return parse_and_run(words, program);
  } catch (const Error& error) {
    print_error(program.name, error.what());
    return kUserError;
  } catch (const std::bad_alloc&) {
    print_error(program.name, "out of memory");
    return kUserError;
  } catch (const std::exception& error) {
    print_error(program.name, std::string("internal error, please report it: ") + error.what());
    return kInternalError;
  }
}

}  // namespace fer
