#include "fer/core/part_file.h"

#include <filesystem>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("A part becomes the file, and leaves nothing beside it", "[core][unit]") {
  const test::TemporaryFolder folder;
  const fs::path path = folder / "made" / "numbers";
  {
    PartFile file(path, "numbers", 10);
    CHECK(file.saved().empty());
    file.write_at(5, "56789");
    file.write_at(0, "01234");
    std::string back(4, ' ');
    file.read_at(3, back);
    CHECK(back == "3456");
    CHECK_FALSE(fs::exists(path));
    file.commit_new();
  }
  CHECK(read_file(path, 100) == "0123456789");
  CHECK_FALSE(fs::exists(path.string() + ".part"));
  CHECK_FALSE(fs::exists(path.string() + ".part.state"));
}

TEST_CASE("A part goes on where it was saved", "[core][unit]") {
  const test::TemporaryFolder folder;
  const fs::path path = folder / "numbers";
  {
    PartFile file(path, "numbers", 10);
    file.write_at(0, "01234");
    file.save("five");
    file.write_at(5, "5");
  }
  PartFile file(path, "numbers", 10);
  CHECK(file.saved() == "five");
  file.write_at(5, "56789");
  file.commit_new();
  CHECK(read_file(path, 100) == "0123456789");
}

TEST_CASE("Another content, or another size, begins anew without a byte of the old part",
          "[core][unit]") {
  const test::TemporaryFolder folder;
  const fs::path path = folder / "numbers";
  const auto leave_part = [&] {
    PartFile file(path, "numbers", 4);
    file.write_at(0, "9999");
    file.save("all");
  };
  leave_part();
  {
    PartFile other(path, "letters", 4);
    CHECK(other.saved().empty());
  }
  leave_part();
  PartFile larger(path, "numbers", 6);
  CHECK(larger.saved().empty());
  larger.write_at(5, "x");
  larger.commit_new();
  CHECK(read_file(path, 100) == std::string(5, '\0') + "x");
}

TEST_CASE("A part is written by one at a time, and nobody's file is taken for one",
          "[core][unit]") {
  const test::TemporaryFolder folder;
  {
    const PartFile first(folder / "a", "numbers", 4);
    CHECK_THROWS_MATCHES(PartFile(folder / "a", "numbers", 4), Error,
                         MessageMatches(ContainsSubstring("a.part: is being written by another")));
  }
  write_file(folder / "b.part", "a letter");
  CHECK_THROWS_MATCHES(PartFile(folder / "b", "numbers", 4), Error,
                       MessageMatches(ContainsSubstring("b.part: is there, without its")));
  CHECK(read_file(folder / "b.part", 100) == "a letter");
}

TEST_CASE("A part does not take the place of a file that has come meanwhile", "[core][unit]") {
  const test::TemporaryFolder folder;
  PartFile file(folder / "numbers", "numbers", 1);
  file.write_at(0, "0");
  write_file(folder / "numbers", "mine");
  CHECK_THROWS_MATCHES(file.commit_new(), Error,
                       MessageMatches(ContainsSubstring("has appeared in the meantime")));
  CHECK(read_file(folder / "numbers", 100) == "mine");
}

}  // namespace
}  // namespace fer
