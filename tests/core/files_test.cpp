#include "fer/core/files.h"

#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE("Missing parent folders are made", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "a/b/c.txt", "deep");
  CHECK(content_of(folder / "a/b/c.txt") == "deep");
}

std::string complaint(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

// Runs as a user who may not write everywhere.
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

TEST_CASE("Folders that are made are reported once, the outermost alone", "[core][unit]") {
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

TEST_CASE("Whether a path exists is known, or an error says why not", "[core][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "file", "x");
  CHECK(path_exists(folder / "file"));
  CHECK(path_exists(folder.path()));
  CHECK_FALSE(path_exists(folder / "none"));
  CHECK_FALSE(path_exists(folder / "file/below"));
  const std::string name(300, 'n');
  CHECK(complaint([&] { path_exists(folder / name); }) ==
        (folder / name).string() + ": cannot be looked at: File name too long");
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
