#include "terminal_console.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>

#include "fer/core/address.h"
#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/terminal.h"
#include "fer/core/text.h"

namespace fer {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(30);
constexpr std::size_t kBarWidth = 24;

std::atomic<bool> stop_flag{false};
static_assert(std::atomic<bool>::is_always_lock_free &&
                  std::atomic<std::int64_t>::is_always_lock_free,
              "set from a signal handler");

std::atomic<std::int64_t> stop_asked_ms{0};

// A second signal ends the program at once, unless it follows quickly, because timeout(1) and
// shells send two signals for one.
extern "C" void on_stop_signal(int signal) {
  constexpr std::int64_t kOneAskMs = 1000;
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t now_ms = std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  if (!stop_flag.exchange(true)) {
    stop_asked_ms.store(now_ms);
  } else if (now_ms - stop_asked_ms.load() > kOneAskMs) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

StreamLook look_of(int descriptor) { return stream_look(isatty(descriptor) != 0, environment()); }

spdlog::level::level_enum level_of(const TerminalOptions& options) {
  if (options.quiet) return spdlog::level::warn;
  switch (options.log_level) {
    case commands::LogLevel::debug:
      return spdlog::level::debug;
    case commands::LogLevel::info:
      return spdlog::level::info;
    case commands::LogLevel::warning:
      return spdlog::level::warn;
    case commands::LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string bar(const Progress& progress) {
  const double share =
      progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total)
                         : 0.0;
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarWidth);
  std::string drawn;
  for (std::size_t i = 0; i < kBarWidth; ++i) drawn += i < filled ? "━" : "╌";
  return drawn;
}

std::string progress_text(const Progress& progress) {
  std::string text = std::to_string(progress.done) + "/" + std::to_string(progress.total);
  if (!progress.detail.empty()) text += "  " + progress.detail;
  if (progress.units_per_second > 0.0) {
    text += "  " + grouped(static_cast<std::int64_t>(progress.units_per_second)) + " " +
            progress.unit + "/s";
  }
  if (progress.seconds_left > 0.0) text += "  " + duration(progress.seconds_left) + " left";
  return text;
}

// The columns of the terminal on stderr; 0 if unknown.
std::size_t window_columns() {
  winsize window{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 ? window.ws_col : 0;
}

// Fits into one line of the terminal, because a wrapped line could not be overwritten. A narrow
// terminal shows no bar.
std::string bar_line(const Progress& progress) {
  const std::size_t columns = window_columns();
  const std::string text = progress_text(progress);
  if (columns == 0 || progress.title.size() + kBarWidth + text.size() + 2 < columns) {
    return progress.title + ' ' + bar(progress) + ' ' + text;
  }
  return (progress.title + ' ' + text).substr(0, columns - 1);
}

class TerminalConsole final : public commands::Console {
 public:
  explicit TerminalConsole(const TerminalOptions& options)
      : spelling_(options.spelling),
        show_progress_(!options.quiet),
        bar_(look_of(STDERR_FILENO).moves) {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_st>(
        look_of(STDERR_FILENO).colour ? spdlog::color_mode::always : spdlog::color_mode::never);
    sink->set_level(level_of(options));
    sink->set_pattern("%^%L%$ %v");
    logger_ = std::make_unique<spdlog::logger>("fer", sink);
    logger_->set_level(spdlog::level::debug);
    logger_->flush_on(spdlog::level::info);
  }

  ~TerminalConsole() override { progress_done(); }

  std::ostream& results() override { return std::cout; }

  void debug(std::string_view message) override { log(spdlog::level::debug, message); }
  void info(std::string_view message) override { log(spdlog::level::info, message); }
  void warn(std::string_view message) override { log(spdlog::level::warn, message); }

  void progress(const Progress& progress) override {
    if (!show_progress_) return;
    const auto now = Clock::now();
    const bool last = progress.done >= progress.total;
    if (bar_) {
      if (!last && now - last_shown_ < kBarInterval) return;
      std::cerr << "\r\x1b[K" << bar_line(progress) << std::flush;
      bar_shown_ = true;
    } else {
      // Without a terminal (a log file, CI) long work still reports its progress from time to time.
      if (last_shown_ == Clock::time_point()) last_shown_ = now;
      if (now - last_shown_ < kLineInterval) return;
      log(spdlog::level::info, progress.title + ": " + progress_text(progress));
    }
    last_shown_ = now;
  }

  void progress_done() override {
    if (bar_shown_) std::cerr << "\r\x1b[K" << std::flush;
    bar_shown_ = false;
  }

  void log_to(const std::string& path) override {
    try {
      auto sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(path);
      sink->set_level(spdlog::level::debug);
      sink->set_pattern("%Y-%m-%d %H:%M:%S %L %v");
      logger_->sinks().push_back(sink);
    } catch (const spdlog::spdlog_ex&) {
      throw Error(path + ": the log cannot be written there");
    }
  }

  const std::atomic<bool>& stop_requested() const override { return stop_flag; }
  bool colour() const override { return look_of(STDOUT_FILENO).colour; }

 private:
  void log(spdlog::level::level_enum level, std::string_view message) {
    for (const std::filesystem::path& folder : take_made_folders()) {
      put(spdlog::level::info, "made the folder " + folder.string());
    }
    put(level, message);
  }

  void put(spdlog::level::level_enum level, std::string_view message) {
    if (level >= logger_->sinks().front()->level()) progress_done();
    // Made safe, also for log files, because names of files may hold escape sequences.
    const std::string shown = safe_lines(without_passwords(spelling_.spelled(message)));
    logger_->log(level, spdlog::string_view_t(shown.data(), shown.size()));
  }

  OptionSpelling spelling_;
  std::unique_ptr<spdlog::logger> logger_;
  bool show_progress_;
  bool bar_;
  bool bar_shown_ = false;
  Clock::time_point last_shown_;
};

}  // namespace

std::unique_ptr<commands::Console> make_terminal_console(const TerminalOptions& options) {
  return std::make_unique<TerminalConsole>(options);
}

void catch_stop_signals() {
  std::signal(SIGINT, on_stop_signal);
  std::signal(SIGTERM, on_stop_signal);
  // For a closed terminal, unless nohup has set the signal to be ignored.
  if (std::signal(SIGHUP, on_stop_signal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
}

}  // namespace fer
