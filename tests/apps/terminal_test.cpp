// What programs write to a terminal.
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "apps/process.h"

namespace fer::test {
namespace {

// All that the program writes to its terminal; `variable` is NAME=VALUE.
std::string shown_in_terminal(const std::string& program, const std::vector<std::string>& words,
                              const std::string& variable) {
  const std::string path = (program_folder() / program).string();
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    std::vector<char*> arguments = {const_cast<char*>(path.c_str())};
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    ::putenv(const_cast<char*>(variable.c_str()));
    ::execv(path.c_str(), arguments.data());
    ::_exit(127);
  }
  REQUIRE(child > 0);
  std::string shown;
  std::array<char, 4096> block{};
  for (ssize_t count = 0; (count = ::read(terminal, block.data(), block.size())) > 0;) {
    shown.append(block.data(), static_cast<std::size_t>(count));
  }
  ::close(terminal);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  return shown;
}

TEST_CASE("A terminal gets colours and a bar, and mpirun's, a dumb one and NO_COLOR no colours",
          "[apps][integration]") {
  const TemporaryFolder folder;
  int number = 0;
  const auto shown = [&](const std::string& variable) {
    const std::string output = folder / ("faces" + std::to_string(++number));
    return shown_in_terminal("fer-data", {"export", "--data", "synthetic:70", "--output", output},
                             variable);
  };
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(shown("SOMETHING=1"), ContainsSubstring("\x1b[32m") && ContainsSubstring("\x1b[K"));
  CHECK_THAT(shown("NO_COLOR=1"), !ContainsSubstring("\x1b[32m") && ContainsSubstring("\x1b[K"));
  for (const char* variable : {"OMPI_COMM_WORLD_RANK=0", "TERM=dumb"}) {
    CAPTURE(variable);
    CHECK_THAT(shown(variable),
               !ContainsSubstring("\x1b") && ContainsSubstring("70 images written"));
  }
}

}  // namespace
}  // namespace fer::test
