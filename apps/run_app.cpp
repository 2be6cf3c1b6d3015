#include "run_app.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>

#include "command_line_error.h"
#include "completion.h"
#include "fer/commands/advice.h"
#include "fer/core/address.h"
#include "fer/core/config_file.h"
#include "fer/core/data_folders.h"
#include "fer/core/display_text.h"
#include "fer/core/files.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/option_error.h"
#include "fer/core/option_spelling.h"
#include "fer/core/text.h"
#include "help_text.h"
#include "option_flags.h"
#include "option_man.h"
#include "option_markdown.h"
#include "terminal_console.h"

namespace fer {

namespace {

constexpr int kUserError = 1;
constexpr int kWrongOptions = 2;
constexpr int kInternalError = 3;

std::string name_of_program;  // for report_and_end()

// Wrong options, found before any work: exit code 2. run_command() turns every error of reading and
// checking options into one; errors of the work keep their types, with exit code 1.
class WrongOptions : public Error {
 public:
  using Error::Error;
};

void print_error(const std::string& program, const std::string& message) {
  std::cerr << program << ": error: " << safe_lines(without_passwords(message)) << '\n';
}

// Writes help from the option fields instead of CLI11's data.
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

// A command with its flags bound to a CLI11 app.
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

// The config files in their order: that of a resumed run folder, then --config.
std::vector<std::string> config_paths(const BoundCommand& bound) {
  std::vector<std::string> paths;
  const std::string& option = bound.command.config_folder_option;
  const std::string folder = option.empty() ? "" : bound.words.word(option);
  if (!folder.empty()) {
    const auto path = std::filesystem::path(folder) / "config.json";
    std::error_code code;
    if (!std::filesystem::exists(path, code)) {
      throw OptionError(option, folder, "is not a run folder: it has no config.json");
    }
    paths.push_back(path.string());
  }
  if (!bound.config->empty()) paths.push_back(*bound.config);
  return paths;
}

// The spelling of every option that texts may name, also general ones like --config.
OptionSpelling spelling_of(const Program& program, const Command& command) {
  std::vector<std::string> names;
  for (const OptionGroup& group : all_options(program, command)) {
    for (const OptionEntry& entry : group.options) names.push_back(entry.field.name);
  }
  return OptionSpelling(names);
}

// Applies config files, then the command line, then the command's checks. `spelling` gets the
// origins of values.
void apply_options(const BoundCommand& bound, OptionSpelling& spelling) {
  for (const std::string& path : config_paths(bound)) {
    for (const auto& [name, place] : apply_config_file(path, bound.command.options)) {
      spelling.set_origin(name, place);
    }
  }
  for (const std::string& name : bound.words.given()) spelling.set_origin(name, "");
  bound.words.apply(bound.command.options);
  bound.command.check();
}

// Logs the folders that were made since the last call; called before each line of the log.
void log_made_folders(commands::Console& console) {
  for (const std::filesystem::path& folder : take_made_folders()) {
    console.info("made the folder " + folder.string());
  }
}

int run_bound(const BoundCommand& bound, const Program& program, const OptionSpelling& spelling) {
  const commands::CommonOptions& common = *bound.command.common;
  program.engine.set_up(common);
  if (bound.command.stops_by_itself) catch_stop_signals();
  const auto console = make_terminal_console({common.log_level, common.quiet, spelling});
  for (const std::string& text : wrong_data_variables()) console->warn(text);
  const int code = bound.command.run(*console);
  check_mapped_files();
  log_made_folders(*console);
  console->results().flush();
  if (!console->results()) throw Error("stdout cannot be written");
  return code;
}

int run_command(const BoundCommand& bound, const Program& program) {
  OptionSpelling spelling = spelling_of(program, bound.command);
  const auto message_of = [&](const Error& error) {
    return spelling.message(error) + commands::advice(error, spelling);
  };
  try {
    apply_options(bound, spelling);
  } catch (const Error& error) {
    throw WrongOptions(message_of(error));
  }
  try {
    return run_bound(bound, program, spelling);
  } catch (const Error& error) {
    throw Error(message_of(error));
  }
}

// The words with switches joined to their values. @throws WrongOptions as check_truth_values and
// with_joined_switches do.
std::vector<std::string> checked_flags(const std::vector<std::string>& words,
                                       const Program& program, const Command& command) {
  try {
    check_truth_values(words, command.options);
    return with_joined_switches(words, command.options);
  } catch (const OptionError& error) {
    throw WrongOptions(spelling_of(program, command).message(error));
  }
}

// --completion SHELL, --help-man and [COMMAND] --help-markdown GROUPS, which people seldom type.
std::optional<std::string> generated_text(const Program& program,
                                          const std::vector<std::string>& words) {
  try {
    if (!words.empty() && words[0].starts_with("--completion")) {
      return completion_script(program, words.size() == 2 ? words[1] : words[0].substr(12));
    }
    if (words.size() == 1 && words[0] == "--help-man") return man_page(program);
    if (words.size() < 2 || words[words.size() - 2] != "--help-markdown") return std::nullopt;
    const Command* command = program.find(words.front());
    if (command == nullptr) return std::nullopt;
    return options_as_markdown(all_options(program, *command), parts_of(words.back(), ','));
  } catch (const Error& error) {
    throw WrongOptions(error.what());
  }
}

int parse_and_run(const std::vector<std::string>& words, const Program& program) {
  CLI::App app(program.description, program.name);
  app.set_version_flag("--version",
                       [&] { return commands::version_text(program.name, program.engine); });
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
      given = checked_flags(given, program, command);
    }
    std::reverse(given.begin(), given.end());  // CLI11 takes them from the back
    app.parse(std::move(given));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --help-all and --version
    print_error(program.name, command_line_error(error, app, program, words) + "; see " +
                                  program.name + " --help");
    return kWrongOptions;
  }
  for (const BoundCommand& candidate : bound) {
    if (candidate.app->parsed()) return run_command(candidate, program);
  }
  return kInternalError;
}

// Finds out whether an error of LibTorch, oneDNN, OpenCV or the thread library means that the
// system gives no more of something, and names that: "out of memory: "; "" for other errors.
std::string_view lack(std::string_view what) {
  constexpr std::string_view kMemory[] = {"not enough memory",
                                          "allocate memory",
                                          "out of memory",
                                          "Insufficient memory",
                                          "could not create a memory",
                                          "could not create a primitive",
                                          "Resource temporarily unavailable",
                                          "bad_alloc"};
  constexpr std::string_view kDescriptors[] = {"Too many open files",
                                               "Unable to open /dev/urandom"};
  const auto is_said = [&](std::string_view words) { return what.find(words) != what.npos; };
  if (std::any_of(std::begin(kMemory), std::end(kMemory), is_said)) return "out of memory: ";
  if (std::any_of(std::begin(kDescriptors), std::end(kDescriptors), is_said)) {
    return "out of file descriptors: ";
  }
  return "";
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Ends the program after an exception that nobody catches, such as in a library that is being
// loaded or in its threads. Unfinished files have no names yet, so none stays.
[[noreturn]] void report_and_end() {
  static std::atomic<bool> reported{false};
  if (reported.exchange(true)) std::abort();
  int code = kInternalError;
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    print_error(name_of_program, "out of memory");
    code = kUserError;
  } catch (const std::exception& error) {
    const std::string lacking(lack(error.what()));
    print_error(name_of_program,
                (lacking.empty() ? "internal error, please report it: " : lacking) +
                    first_line(error.what()));
    if (!lacking.empty()) code = kUserError;
  } catch (...) {
    print_error(name_of_program, "internal error, please report it");
  }
  if (code == kInternalError) std::abort();
  std::_Exit(code);
}

// Opens missing standard streams. Otherwise the first opened file would get their numbers, and
// messages would be written into it. Reads and writes of these streams still fail.
void keep_standard_numbers() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int run_app(int argc, char** argv, const Program& program) {
  keep_standard_numbers();
  // A reader that closes our output must not kill the program: writing fails instead, with an
  // error.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow (ulimit -f), as a full disk
  name_of_program = program.name;
  std::set_terminate(report_and_end);
  report_shortened_files(program.name.c_str());
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (const auto text = generated_text(program, words)) {
      std::cout << *text << std::flush;
      return 0;
    }
    return parse_and_run(words, program);
  } catch (const WrongOptions& error) {
    print_error(program.name, error.what());
    return kWrongOptions;
  } catch (const Error& error) {
    print_error(program.name, error.what());
    return kUserError;
  } catch (const std::bad_alloc&) {
    print_error(program.name, "out of memory");
    return kUserError;
  } catch (const std::exception& error) {
    if (const std::string lacking(lack(error.what())); !lacking.empty()) {
      print_error(program.name, lacking + first_line(error.what()));
      return kUserError;
    }
    print_error(program.name, std::string("internal error, please report it: ") + error.what());
    return kInternalError;
  }
}

}  // namespace fer
