#include "fer/core/files.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

auto fails_with(const std::string& part) { return MessageMatches(ContainsSubstring(part)); }

std::string content_of(const fs::path& path) { return read_file(path, 1 << 20); }

TEST_CASE("A file takes its name when it is complete, and not before", "[core][unit]") {
  const TemporaryFolder folder;
  AtomicFile file(folder / "result.txt");
  file.write("first ");
  CHECK_FALSE(fs::exists(folder / "result.txt"));
  CHECK(fs::exists(file.temporary_path()));
  const std::array<std::byte, 2> bytes = {std::byte{'o'}, std::byte{'k'}};
  file.write(bytes);
  file.commit();
  CHECK(content_of(folder / "result.txt") == "first ok");
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
  CHECK(content_of(folder / "result.txt") == "before");
  CHECK(folder.entries() == 1);
}

TEST_CASE("Writing replaces the file that was there as a whole", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "result.txt", "a long text from before");
  write_file(folder / "result.txt", "short");
  CHECK(content_of(folder / "result.txt") == "short");
  CHECK(folder.entries() == 1);
}

TEST_CASE("Missing parent folders are made", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "a/b/c.txt", "deep");
  CHECK(content_of(folder / "a/b/c.txt") == "deep");
}

TEST_CASE("A written file may be read by everyone and is no program", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "result.txt", "x");
  struct stat info {};
  REQUIRE(::stat((folder / "result.txt").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0644);
}

std::string complaint(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

// As a user who may not write everywhere.
class WithoutRights {
 public:
  WithoutRights() : effective_(::geteuid()) {
    if (effective_ == 0) changed_ = ::seteuid(65'534) == 0;
  }
  ~WithoutRights() {
    if (changed_) CHECK(::seteuid(effective_) == 0);
  }

 private:
  uid_t effective_;
  bool changed_ = false;
};

TEST_CASE("A folder that cannot be made is named, with the reason", "[core][unit]") {
  const TemporaryFolder folder;
  const std::string root = folder.path();
  write_file(folder / "file", "x");
  CHECK(complaint([&] { make_folders(folder / "file"); }) ==
        root + "/file: the folder cannot be made: " + root + "/file is a file");
  CHECK(complaint([&] { make_folders(folder / "file/a/b/"); }) ==
        root + "/file/a/b/: the folder cannot be made: " + root + "/file is a file");
  // The folder is named, not the file that was to lie in it.
  CHECK(complaint([&] { write_file(folder / "file/a/below.txt", "y"); }) ==
        root + "/file/a: the folder cannot be made: " + root + "/file is a file");
  CHECK(content_of(folder / "file") == "x");
  CHECK(complaint([&] { make_folders("/proc/nowhere/a"); }) ==
        "/proc/nowhere/a: the folder cannot be made: No such file or directory");
  fs::permissions(root, fs::perms(0755));
  fs::create_directory(folder / "locked");
  fs::permissions(folder / "locked", fs::perms(0555));
  const WithoutRights user;
  CHECK(complaint([&] { make_folders(folder / "locked/a/b"); }) ==
        root + "/locked/a/b: the folder cannot be made: " + root +
            "/locked must not be written to");
  CHECK(complaint([&] { write_file(folder / "locked/a.txt", "y"); }) ==
        root + "/locked/a.txt: cannot be written: " + root + "/locked must not be written to");
}

TEST_CASE("Folders that are made are told once, the outermost alone", "[core][unit]") {
  const TemporaryFolder folder;
  take_made_folders();
  make_folders(folder.path());
  write_file(folder / "top.txt", "x");
  CHECK(take_made_folders().empty());
  write_file(folder / "a/b/c.txt", "x");
  write_file(folder / "a/d/e.txt", "x");
  make_folders(folder / "z");
  CHECK(take_made_folders() == std::vector{folder / "a", folder / "z"});
  make_folders(folder / "a/f");
  CHECK(take_made_folders().empty());
}

TEST_CASE("A new file does not take the place of one that came meanwhile", "[core][unit]") {
  const TemporaryFolder folder;
  const fs::path path = folder / "m.safetensors";
  write_new_file(path, [](const fs::path& temporary) { write_file(temporary, "first"); });
  CHECK(content_of(path) == "first");
  CHECK(complaint([&] {
          write_new_file(path, [](const fs::path& temporary) { write_file(temporary, "second"); });
        }) == path.string() + ": has appeared in the meantime; nothing is overwritten");
  CHECK(content_of(path) == "first");
  CHECK(folder.entries() == 1);
}

TEST_CASE("A name that a folder has cannot be taken, and nothing is left behind", "[core][unit]") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "runs");
  CHECK_THROWS_MATCHES(write_file(folder / "runs", "x"), Error, fails_with("is a folder"));
  CHECK(folder.entries() == 1);
  CHECK_THROWS_MATCHES(write_file(folder / "runs/", "x"), Error, fails_with("cannot be written"));
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

TEST_CASE("All bytes of a file are read, zeros too", "[core][unit]") {
  const TemporaryFolder folder;
  const std::string content("a\0b\n\xff", 5);
  write_file(folder / "bytes", content);
  CHECK(content_of(folder / "bytes") == content);
  CHECK(MappedFile(folder / "bytes").bytes() == content);
}

TEST_CASE("A file larger than allowed is refused and its size named", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "config.json", "12345");
  CHECK(read_file(folder / "config.json", 5) == "12345");
  CHECK_THROWS_MATCHES(read_file(folder / "config.json", 4), Error,
                       fails_with("config.json: has 5 bytes; at most 4 are allowed here"));
}

TEST_CASE("What is no readable file is an error that names it", "[core][unit]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_MATCHES(content_of(folder / "none"), Error,
                       fails_with("none: cannot be read: No such file"));
  CHECK_THROWS_MATCHES(content_of(folder.path()), Error, fails_with(": is not a file"));
  CHECK_THROWS_MATCHES(content_of(folder / "pipe"), Error, fails_with("pipe: is not a file"));
  CHECK_THROWS_MATCHES(MappedFile(folder / "none"), Error, fails_with("none: cannot be read"));
  CHECK_THROWS_MATCHES(MappedFile(folder.path()), Error, fails_with(": is not a file"));
  CHECK_THROWS_MATCHES(MappedFile("/dev/zero"), Error, fails_with("/dev/zero: is not a file"));
}

TEST_CASE("An empty file maps to no bytes", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "empty", "");
  CHECK(MappedFile(folder / "empty").bytes().empty());
  CHECK(content_of(folder / "empty").empty());
}

}  // namespace
}  // namespace fer
