#include "fer/image/folder_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "fer/core/error.h"
#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::save;
using test::TemporaryFolder;

const std::string& png() {
  static const std::string kBytes = test::encoded(".png", test::four_quarters());
  return kBytes;
}

// The files that are found, as seen from the folder.
std::vector<std::string> names(const fs::path& folder, const ListOptions& options,
                               std::string* left_out = nullptr) {
  LeftOut others;
  std::vector<std::string> found;
  for (const fs::path& path : list_folder(folder, options, others)) {
    found.push_back(path.lexically_relative(folder).string());
  }
  if (left_out != nullptr) *left_out = others.text(folder);
  return found;
}

TEST_CASE("a folder's pictures are found by name or content, and all else is reported",
          "[image][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"b.jfif", "a.JPG", "content", "word.doc"}) {
    save((folder / name).string(), png());
  }
  save((folder / "notes.txt").string(), "words");
  save((folder / "more.txt").string(), "words");
  save((folder / "clip").string(), "GIF89a");
  save((folder / "x.heic").string(), std::string("\0\0\0\x18", 4) + "ftypheic");
  for (const char* name : {"Thumbs.db", ".hidden.jpg", "desktop.ini"}) {
    save((folder / name).string(), png());
  }
  fs::create_directory(folder / "deeper");
  save((folder / "deeper/c.png").string(), png());
  std::string left_out;
  CHECK(names(folder.path(), {}, &left_out) ==
        std::vector<std::string>{"a.JPG", "b.jfif", "content", "word.doc"});
  CHECK(left_out ==
        "1 video ('clip'); 2 files that are not pictures (such as 'more.txt'); "
        "1 HEIC picture, which cannot be decoded here ('x.heic')");
  CHECK(names(folder.path(), {.recursive = true, .videos = true}) ==
        std::vector<std::string>{"a.JPG", "b.jfif", "clip", "content", "deeper/c.png", "word.doc"});
}

TEST_CASE("hidden folders and clutter below are not looked into, links are not followed",
          "[image][unit]") {
  const TemporaryFolder folder;
  for (const char* below : {".thumbnails", "__MACOSX", "day"}) {
    fs::create_directory(folder / below);
    save((folder / below / "a.png").string(), png());
  }
  fs::create_directory_symlink(folder / "day", folder / "again");
  fs::create_directory_symlink("loop", folder / "loop");
  std::string left_out;
  CHECK(names(folder.path(), {.recursive = true}, &left_out) ==
        std::vector<std::string>{"day/a.png"});
  CHECK(left_out ==
        "1 link to a folder, which is not followed ('again'); 1 entry that is not a file ('loop')");
}

TEST_CASE("A pipe named like a picture is none, in a folder's list and in a search for pictures",
          "[image][unit]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "x.jpg").c_str(), 0600) == 0);
  std::string left_out;
  CHECK(names(folder.path(), {.recursive = true}, &left_out).empty());
  CHECK(left_out == "1 entry that is not a file ('x.jpg')");
  std::int64_t looks = 100;
  CHECK_FALSE(may_hold_pictures(folder.path(), looks));
  CHECK(looks == 99);
}

TEST_CASE("names that are trusted need no content", "[image][unit]") {
  const TemporaryFolder folder;
  save((folder / "broken.mp4").string(), "words");
  CHECK(names(folder.path(), {.videos = true}).empty());
  const ListOptions trusting{
      .trusted = [](const fs::path& path) { return path.extension() == ".mp4"; }};
  CHECK(names(folder.path(), trusting) == std::vector<std::string>{"broken.mp4"});
}

TEST_CASE("a folder below that cannot be read is reported", "[image][unit]") {
  if (::geteuid() == 0) FER_SKIP("root may read everything");
  const TemporaryFolder folder;
  fs::create_directory(folder / "secret");
  fs::permissions(folder / "secret", fs::perms::none);
  std::string left_out;
  CHECK(names(folder.path(), {.recursive = true}, &left_out).empty());
  fs::permissions(folder / "secret", fs::perms::owner_all);
  CHECK(left_out == "1 folder that cannot be read ('secret')");
}

TEST_CASE("a folder that cannot be listed is an error", "[image][unit]") {
  const TemporaryFolder folder;
  LeftOut left_out;
  CHECK_THROWS_MATCHES(list_folder(folder / "none", {}, left_out), Error,
                       MessageMatches(ContainsSubstring("none: cannot be listed")));
  CHECK_THROWS_AS(folders_in(folder / "none"), Error);
}

TEST_CASE("what is left out is counted by kind, also of several folders", "[image][unit]") {
  LeftOut all, some;
  CHECK(all.empty());
  some.add({"sock", "socks"}, "/home/a/left");
  all.add(some);
  all.add({"sock", "socks"}, "/home/a/right", 1234);
  all.add({"shoe", "shoes"}, "/elsewhere\n");
  CHECK(all.text("/home/a") == "1,235 socks (such as 'left'); 1 shoe ('../../elsewhere\\x0a')");
}

TEST_CASE("A folder may hold pictures where one lies in it or below, or where nobody looked",
          "[image][unit]") {
  const TemporaryFolder folder;
  const auto holds = [&](std::int64_t looks = 100) {
    return may_hold_pictures(folder.path(), looks);
  };
  CHECK_FALSE(holds());
  fs::create_directories(folder / "a/b");
  for (const char* name : {"notes.txt", "a/Thumbs.db", "a/.hidden.jpg"}) {
    save((folder / name).string(), "words");
  }
  fs::create_directory(folder / ".git");
  save((folder / ".git/a.png").string(), png());
  fs::create_directory_symlink(folder / ".git", folder / "link");
  CHECK_FALSE(holds());
  CHECK(holds(3));
  save((folder / "a/b/content").string(), png());
  CHECK(holds());
  std::int64_t looks = 100;
  CHECK(may_hold_pictures(folder / "none", looks));  // who lists it says what is wrong
  CHECK(looks == 100);
}

}  // namespace
}  // namespace fer::image
