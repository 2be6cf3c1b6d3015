#include "fer/core/atomic_file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

auto refused_with(const std::string& part) { return MessageMatches(ContainsSubstring(part)); }

std::string text_of(const fs::path& path) { return read_file(path, 1 << 20); }

TEST_CASE("A file takes its name when it is complete, and not before", "[core][unit]") {
  const TemporaryFolder folder;
  AtomicFile file(folder / "result.txt");
  file.write("first ");
  CHECK_FALSE(fs::exists(folder / "result.txt"));
  const std::array<std::byte, 2> bytes = {std::byte{'o'}, std::byte{'k'}};
  file.write(bytes);
  file.commit();
  CHECK(text_of(folder / "result.txt") == "first ok");
  CHECK(folder.entries() == 1);
}

TEST_CASE("A file that is not committed leaves nothing behind", "[core][unit]") {
  const TemporaryFolder folder;
  { AtomicFile(folder / "result.txt").write("half"); }
  CHECK(folder.entries() == 0);
}

TEST_CASE("A file that is not committed leaves the one that was there", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "result.txt", "before");
  { AtomicFile(folder / "result.txt").write("half"); }
  CHECK(text_of(folder / "result.txt") == "before");
  CHECK(folder.entries() == 1);
}

TEST_CASE("Writing replaces the file that was there as a whole", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "result.txt", "a long text from before");
  write_file(folder / "result.txt", "short");
  CHECK(text_of(folder / "result.txt") == "short");
  CHECK(folder.entries() == 1);
}

TEST_CASE("A written file may be read by everyone and is no program", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "result.txt", "x");
  struct stat info {};
  REQUIRE(::stat((folder / "result.txt").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0644);
}

TEST_CASE("A new file does not take the place of one that came meanwhile", "[core][unit]") {
  const TemporaryFolder folder;
  const fs::path path = folder / "m.safetensors";
  AtomicFile first(path), second(path);
  first.write("first");
  second.write("second");
  first.commit(Existing::kept);
  CHECK_THROWS_MATCHES(
      second.commit(Existing::kept), Error,
      refused_with("m.safetensors: has appeared in the meantime; nothing is overwritten"));
  CHECK(text_of(path) == "first");
  CHECK(folder.entries() == 1);
}

TEST_CASE("A name that a folder has cannot be taken, and nothing is left behind", "[core][unit]") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "runs");
  CHECK_THROWS_MATCHES(write_file(folder / "runs", "x"), Error, refused_with("is a folder"));
  CHECK(folder.entries() == 1);
  CHECK_THROWS_MATCHES(write_file(folder / "runs/", "x"), Error, refused_with("cannot be written"));
  CHECK(fs::is_empty(folder / "runs"));
}

TEST_CASE("Whether a path can be written is known before, and nothing is left behind",
          "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "file", "kept");
  CHECK_NOTHROW(check_writable(folder / "file"));
  CHECK(read_file(folder / "file", 10) == "kept");
  CHECK_NOTHROW(check_writable(folder / "new"));
  CHECK(folder.entries() == 1);
  CHECK_THROWS_AS(check_writable(folder / "file" / "below"), Error);
}

TEST_CASE("A write beyond what the system allows is an error and leaves nothing", "[core][unit]") {
  // A file size limit stands in for a full disk. Its signal must not end the program.
  const TemporaryFolder folder;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur = 1000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    write_file(folder / "result.txt", std::string(5000, 'x'));
  } catch (const Error& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  CHECK_THAT(message, ContainsSubstring("result.txt: cannot be written: File too large"));
  CHECK(folder.entries() == 0);
}

TEST_CASE("A file that a killed process was writing is not there", "[core][unit]") {
  const TemporaryFolder folder;
  AtomicFile file(folder / "result.txt");
  file.write("half");
  CHECK(folder.entries() == 0);  // there is nothing to be left behind
  file.commit();
  CHECK(folder.entries() == 1);
}

TEST_CASE("What is written in any order takes its name like what is written from the front",
          "[core][unit]") {
  const TemporaryFolder folder;
  AtomicFile file(folder / "result.txt");
  const int descriptor = file.seekable_descriptor();
  file.write("????? ????nd");
  file.write_at(0, "first");
  CHECK(::pwrite(descriptor, "seco", 4, 6) == 4);
  CHECK(folder.entries() == 0);
  file.commit();
  CHECK(text_of(folder / "result.txt") == "first second");
  CHECK(folder.entries() == 1);
}

TEST_CASE("Nothing takes its name once a file that is mapped was written to", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "data.csv", "1,2,3");
  write_file(folder / "result.txt", "before");
  const MappedFile data(folder / "data.csv");
  AtomicFile sound(folder / "sound.txt");
  sound.commit();
  AtomicFile file(folder / "result.txt");
  file.write(data.bytes());
  const int descriptor = ::open((folder / "data.csv").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(::pwrite(descriptor, "4", 1, 0) == 1);  // as a program that copies onto it
  const timespec later[2] = {{0, UTIME_OMIT}, {2'000'000'000, 0}};
  REQUIRE(::futimens(descriptor, later) == 0);  // whatever the clock of the file system
  ::close(descriptor);
  CHECK_THROWS_MATCHES(file.commit(), Error,
                       refused_with("data.csv: was changed while it was read"));
  CHECK(text_of(folder / "result.txt") == "before");
}

TEST_CASE("A file that is mapped may be replaced by another one", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "data.csv", "1,2,3");
  const MappedFile data(folder / "data.csv");
  write_file(folder / "data.csv", "another, longer");
  CHECK_NOTHROW(write_file(folder / "result.txt", data.bytes()));
  CHECK(text_of(folder / "result.txt") == "1,2,3");
}

TEST_CASE("A name as long as names may be can be written", "[core][unit]") {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file(folder / name, "x");
  write_file(folder / name, "y");
  CHECK(text_of(folder / name) == "y");
  CHECK(folder.entries() == 1);
}

TEST_CASE("A link stays, and what it points to is replaced", "[core][unit]") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "results");
  write_file(folder / "results/real.json", "before");
  fs::create_symlink("results/real.json", folder / "link.json");
  fs::create_symlink(folder / "link.json", folder / "link to the link.json");
  write_file(folder / "link to the link.json", "after");
  CHECK(fs::is_symlink(folder / "link to the link.json"));
  CHECK(fs::is_symlink(folder / "link.json"));
  CHECK(text_of(folder / "results/real.json") == "after");
  // Also if the link's target and its folder do not exist yet.
  fs::create_symlink("new folder/new.json", folder / "forward.json");
  write_file(folder / "forward.json", "made");
  CHECK(fs::is_symlink(folder / "forward.json"));
  CHECK(text_of(folder / "new folder/new.json") == "made");
  fs::create_symlink("circle.json", folder / "circle.json");
  CHECK_THROWS_MATCHES(write_file(folder / "circle.json", "x"), Error,
                       refused_with("circle.json: cannot be written: Too many levels"));
}

// A descriptor of this process that is closed at the end, and its path, as /dev/stdout is one.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {
    REQUIRE(descriptor_ >= 0);
  }
  ~OpenFile() { ::close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  void tell(const std::string& text) const {
    REQUIRE(::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  fs::path path_in(const char* folder) const {
    return fs::path(folder) / std::to_string(descriptor_);
  }

 private:
  int descriptor_;
};

TEST_CASE("What is open already is written to where it stands, and is not replaced",
          "[core][unit]") {
  const TemporaryFolder folder;
  const OpenFile file(folder / "redirected.txt");
  struct stat before {
  }, after{};
  REQUIRE(::stat((folder / "redirected.txt").c_str(), &before) == 0);
  file.tell("table, ");
  write_file(file.path_in("/dev/fd"), "JSON, ");
  fs::create_symlink(file.path_in("/proc/self/fd"), folder / "as dev-stdout is");
  AtomicFile by_library(folder / "as dev-stdout is");
  const int descriptor = by_library.seekable_descriptor();
  by_library.write("? library's, ");
  CHECK(::pwrite(descriptor, "a", 1, 0) == 1);
  by_library.commit();
  file.tell("end");
  CHECK(text_of(folder / "redirected.txt") == "table, JSON, a library's, end");
  REQUIRE(::stat((folder / "redirected.txt").c_str(), &after) == 0);
  CHECK(after.st_ino == before.st_ino);
  CHECK(fs::is_symlink(folder / "as dev-stdout is"));
  CHECK(folder.entries() == 2);
  CHECK_THROWS_MATCHES(write_file("/dev/fd/1000000", "x"), Error,
                       refused_with("/dev/fd/1000000: cannot be written: Bad file descriptor"));
}

TEST_CASE("A named pipe takes what is written, and asking whether it can ends nothing",
          "[core][unit]") {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  check_writable(pipe);  // does not wait for a reader
  std::string got;
  std::thread reader([&] {
    const int descriptor = ::open(pipe.c_str(), O_RDONLY | O_CLOEXEC);
    std::array<char, 100> part{};
    for (ssize_t count = 0; (count = ::read(descriptor, part.data(), part.size())) > 0;) {
      got.append(part.data(), static_cast<std::size_t>(count));
    }
    ::close(descriptor);
  });
  write_file(pipe, "through the pipe");
  reader.join();
  CHECK(got == "through the pipe");
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("A temporary name is known as one", "[core][unit]") {
  CHECK(is_temporary_name("run-1/.last.ckpt.fer-Xa09Zz"));
  for (const char* other :
       {"last.ckpt", ".hidden", ".fer-Xa09Zz", ".notes.backup", ".last.ckpt.fer-Xa09Z",
        ".last.ckpt.fer-Xa-9Zz", "last.ckpt.fer-Xa09Zz"}) {
    CAPTURE(other);
    CHECK_FALSE(is_temporary_name(other));
  }
}

TEST_CASE("A hyphen is no file's name, unless a folder is named with it", "[core][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(write_file("-", "x"), Error,
                       refused_with("-: is no name of a file here; ./-"));
  CHECK_NOTHROW(write_file(folder / "-", "x"));
}

TEST_CASE("A device takes what is written, and its failure is reported", "[core][unit]") {
  CHECK_NOTHROW(write_file("/dev/null", "x"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_MATCHES(write_file("/dev/full", "x"), Error,
                       refused_with("/dev/full: cannot be written: No space left on device"));
}

}  // namespace
}  // namespace fer
