#include "fer/core/mapped_ranges.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

struct Ending {
  int status = 0;
  std::string told;
};

// Reads a mapped file that has lost its end meanwhile, in a process of its own.
Ending read_what_is_gone(const std::string& path) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(pipe[1], STDERR_FILENO);
    tell_of_shortened_files("fer-test");
    const MappedFile file(path);
    if (::truncate(path.c_str(), 0) != 0) ::_exit(5);
    ::_exit(file.bytes()[file.bytes().size() - 1] == 'x' ? 6 : 7);
  }
  ::close(pipe[1]);
  Ending ending;
  std::array<char, 500> part{};
  for (ssize_t count = 0; (count = ::read(pipe[0], part.data(), part.size())) > 0;) {
    ending.told.append(part.data(), static_cast<std::size_t>(count));
  }
  ::close(pipe[0]);
  ::waitpid(child, &ending.status, 0);
  return ending;
}

TEST_CASE("A file that is made shorter while it is read is an error that names it",
          "[core][unit]") {
  const test::TemporaryFolder folder;
  const std::string path = folder / "faces.pack";
  write_file(path, std::string(1 << 20, 'x'));
  const Ending ending = read_what_is_gone(path);
  CHECK(ending.told == "fer-test: error: " + path + ": was made shorter while it was read\n");
  REQUIRE(WIFEXITED(ending.status));
  CHECK(WEXITSTATUS(ending.status) == 1);
}

}  // namespace
}  // namespace fer
