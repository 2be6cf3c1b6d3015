#include "fer/core/mapped_ranges.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/random_access_file.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

struct Ending {
  int status = 0;
  std::string told;
};

// Reads a mapped file that was made shorter meanwhile, in a separate process.
Ending read_what_is_gone(const std::string& path) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(pipe[1], STDERR_FILENO);
    report_shortened_files("fer-test");
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

TEST_CASE("Of any number of open files the one that is overwritten is reported", "[core][unit]") {
  const test::TemporaryFolder folder;
  std::vector<std::unique_ptr<RandomAccessFile>> files;
  for (int i = 0; i < 100; ++i) {
    const std::string path = folder / std::to_string(i);
    write_file(path, "content");
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    files.push_back(std::make_unique<RandomAccessFile>(path));
  }
  check_mapped_files();
  std::fstream(folder / "97", std::ios::in | std::ios::out | std::ios::binary) << "C";
  CHECK_THROWS_MATCHES(check_mapped_files(), Error,
                       Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring(
                           (folder / "97").string() + ": was changed while it was read")));
  files[97].reset();
  check_mapped_files();
}

}  // namespace
}  // namespace fer
