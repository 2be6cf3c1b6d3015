#include "run_app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "fer/commands/version.h"
#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "option_flags.h"
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

// CLI11 marks the forms of a flag as "--no-flip{false}" and "--align{on}"; people need not see how, nor
// see it at all where the flag is off anyway and the form only undoes what a config file says.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(34); }

  std::string make_option_name(const CLI::Option* option, bool positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, positional);
    const bool hides_no =
        name.find("{false}") != std::string::npos &&
        option->get_description().find(std::string("[default ") + kOff) != std::string::npos;
    if (hides_no) return name.substr(0, name.find(','));
    for (std::size_t mark = name.find('{'); mark != std::string::npos; mark = name.find('{')) {
      name.erase(mark, name.find('}', mark) + 1 - mark);
    }
    return name;
  }

  // Help texts say all there is to say; CLI11 would add "..." to whatever may repeat.
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
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
  app.add_option("--config", *bound.config,
                 "JSON file of option values, named like the flags with _ for -; the command line "
                 "goes before it")
      ->type_name("FILE");
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

int parse_and_run(int argc, char** argv, const std::string& program, const std::string& description,
                  const std::vector<Command>& commands) {
  CLI::App app(description, program);
  app.set_version_flag("--version", [&] { return version_text(program); });
  app.formatter(std::make_shared<HelpFormatter>());
  std::vector<BoundCommand> bound;
  bound.reserve(commands.size());
  for (const Command& command : commands) {
    bound.push_back(command.name.empty()
                        ? bind(command, app)
                        : bind(command, *app.add_subcommand(command.name, command.description)));
  }
  if (!commands.front().name.empty()) app.require_subcommand(1);
  try {
    std::vector<std::string> given(argv + 1, argv + argc);
    for (const Command& command : commands) given = with_joined_switches(given, command.options);
    std::reverse(given.begin(), given.end());  // CLI11 takes them from the back
    app.parse(std::move(given));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    const std::vector<std::string> words(argv + 1, argv + argc);
    print_error(program, explain(error, app, words) + "; see " + program + " --help");
    return kUsageError;
  }
  for (const BoundCommand& candidate : bound) {
    if (candidate.app->parsed()) return run_command(candidate, program);
  }
  return kInternalError;
}

}  // namespace

int run_app(int argc, char** argv, const std::string& program, const std::string& description,
            const std::vector<Command>& commands) {
  // Who stops reading us must not end what we are at: writing fails instead, and is told.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return parse_and_run(argc, argv, program, description, commands);
  } catch (const Error& error) {
    print_error(program, error.what());
    return kUserError;
  } catch (const std::bad_alloc&) {
    print_error(program, "out of memory");
    return kUserError;
  } catch (const std::exception& error) {
    print_error(program, std::string("internal error, please report it: ") + error.what());
    return kInternalError;
  }
}

}  // namespace fer
