// Runs the built programs as a user does, and keeps their output.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::test {

// FER_BIN, or where the release preset puts the programs.
inline std::filesystem::path program_folder() {
  const char* given = std::getenv("FER_BIN");
  if (given != nullptr && *given != '\0') return given;
  return std::filesystem::path(FER_SOURCE_DIR) / "build" / "release" / "bin";
}

inline std::vector<std::string> all_programs() {
  std::vector<std::string> programs = {"fer-train", "fer-eval", "fer-data", "fer-model"};
  if (FER_WITH_VISION) programs.emplace_back("fer-predict");
  if (FER_WITH_SERVE) programs.emplace_back("fer-serve");
  return programs;
}

// Whether a program does one of several things, each with a name.
inline bool has_commands(const std::string& program) {
  return program == "fer-data" || program == "fer-model";
}

// Words that start each thing that the programs do.
inline std::vector<std::vector<std::string>> all_commands() {
  std::vector<std::vector<std::string>> commands;
  for (const std::string& program : all_programs()) {
    if (!has_commands(program)) commands.push_back({program});
  }
  for (const char* name : {"check", "synth", "pack", "export"}) {
    commands.push_back({"fer-data", name});
  }
  for (const char* name : {"list", "describe", "calibrate", "quantize", "convert", "export"}) {
    commands.push_back({"fer-model", name});
  }
  return commands;
}

struct Outcome {
  int code = -1;  // 128 + N where signal N ended it
  std::string out;
  std::string err;
  std::int64_t peak_bytes = 0;  // of resident memory
};

// The streams of a program.
struct Streams {
  std::string input = "/dev/null";
  std::string output;   // a file; empty: the test keeps the output
  bool unread = false;  // the output is a pipe that nobody reads any more
  bool silent = false;  // the input is a pipe that nothing ever comes through
};

// A program that runs in `folder`.
class Process {
 public:
  Process(const std::string& program, const std::vector<std::string>& arguments,
          const std::filesystem::path& folder, const Streams& streams = {}) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    stderr_ = ends[0];
    spawn(program_folder() / program, arguments, folder, ends[1], streams);
    ::close(ends[1]);
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(stderr_);
    for (const int end : silent_) {
      if (end >= 0) ::close(end);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits until the program has written `text` to stderr; false if it ends without that.
  bool wait_until_said(const std::string& text) {
    while (said_.find(text) == std::string::npos) {
      if (!read_more()) return false;
    }
    return true;
  }

  void send(int signal) const { ::kill(pid_, signal); }

  // Waits for its end.
  Outcome finish() {
    while (read_more()) {
    }
    int status = 0;
    rusage used{};
    while (::wait4(pid_, &status, 0, &used) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const std::filesystem::path out = scratch_ / "stdout";
    return {code, std::filesystem::exists(out) ? read_file(out, 10u << 20) : std::string(), said_,
            std::int64_t{used.ru_maxrss} * 1024};
  }

 private:
  void spawn(const std::filesystem::path& path, const std::vector<std::string>& arguments,
             const std::filesystem::path& folder, int stderr_end, const Streams& streams) {
    std::vector<std::string> words = {path.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const std::string out =
        streams.output.empty() ? (scratch_ / "stdout").string() : streams.output;
    std::array<int, 2> unread{-1, -1};
    if (streams.unread && ::pipe2(unread.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    if (streams.unread) ::close(unread[0]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    if (streams.silent && ::pipe2(silent_.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe");
    }
    if (streams.silent) {
      ::posix_spawn_file_actions_adddup2(&actions, silent_[0], 0);
    } else {
      ::posix_spawn_file_actions_addopen(&actions, 0, streams.input.c_str(), O_RDONLY, 0);
    }
    if (streams.unread) {
      ::posix_spawn_file_actions_adddup2(&actions, unread[1], 1);
    } else {
      ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
    }
    ::posix_spawn_file_actions_adddup2(&actions, stderr_end, 2);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    const int failed =
        ::posix_spawn(&pid_, path.c_str(), &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (streams.unread) ::close(unread[1]);
    if (failed != 0) throw std::runtime_error(path.string() + " cannot be run; build it first");
  }

  bool read_more() {
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(stderr_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    said_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  TemporaryFolder scratch_;
  pid_t pid_ = -1;
  int stderr_ = -1;
  std::array<int, 2> silent_{-1, -1};
  std::string said_;
};

inline Outcome run(const std::string& program, const std::vector<std::string>& arguments,
                   const std::filesystem::path& folder, const Streams& streams = {}) {
  return Process(program, arguments, folder, streams).finish();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Nothing on stdout and one line on stderr.
inline void check_failure(const Outcome& outcome, int code, const std::string& message) {
  CHECK(outcome.code == code);
  CHECK(outcome.out == "");
  CHECK(outcome.err == message + "\n");
}

}  // namespace fer::test
