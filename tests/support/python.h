// Runs the scripts of tests/python, independent implementations to compare with. Data go to them
// and back in safetensors files, so these tests also prove that Python's library reads the files of
// fer.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.h"

namespace fer::test {

// FER_TEST_PYTHON, or the Python of one of the project's virtual environments; empty if there is
// none.
inline std::string python_program() {
  const char* given = ::getenv("FER_TEST_PYTHON");
  if (given != nullptr && *given != '\0') return given;
  for (const char* name : {"test-venv", "venv"}) {
    const auto path = std::filesystem::path(FER_SOURCE_DIR) / ".deps" / name / "bin" / "python3";
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path.string();
  }
  return {};
}

struct ProgramEnd {
  int status = 0;
  std::string output;  // stdout and stderr
};

inline ProgramEnd run_program(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) {
    command += '\'';
    for (const char letter : word) command += letter == '\'' ? "'\\''" : std::string(1, letter);
    command += "' ";
  }
  std::FILE* pipe = ::popen((command + "2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell to run " + words.front());
  ProgramEnd end;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    end.output.append(buffer.data(), got);
  }
  const int status = ::pclose(pipe);
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return end;
}

// Why no Python with these modules was found; empty if one was.
inline std::string python_lacks(const std::vector<std::string>& modules) {
  const std::string python = python_program();
  if (python.empty()) return "there is no test Python; scripts/test.sh makes one";
  std::vector<std::string> words = {
      python, "-c",
      "import importlib.util as u, sys; "
      "print(*[m for m in sys.argv[1:] if u.find_spec(m) is None], end='')"};
  words.insert(words.end(), modules.begin(), modules.end());
  const ProgramEnd end = run_program(words);
  if (end.status != 0) return python + " does not run: " + end.output;
  return end.output.empty() ? "" : python + " lacks " + end.output;
}

// Runs tests/python/`script`; if its exit status is not 0, the test fails with its output.
inline void run_python(const std::string& script, const std::vector<std::string>& arguments) {
  const std::filesystem::path folder = std::filesystem::path(FER_SOURCE_DIR) / "tests" / "python";
  std::vector<std::string> words = {python_program(), (folder / script).string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const ProgramEnd end = run_program(words);
  INFO(script << " says: " << end.output);
  REQUIRE(end.status == 0);
}

}  // namespace fer::test

// Skips the test if no Python has these modules.
#define FER_NEED_PYTHON(...)                                           \
  do {                                                                 \
    const std::string lack = ::fer::test::python_lacks({__VA_ARGS__}); \
    if (!lack.empty()) FER_SKIP(lack);                                 \
  } while (false)
