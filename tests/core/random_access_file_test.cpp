#include "fer/core/random_access_file.h"

#include <filesystem>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

std::string read(const RandomAccessFile& file, std::size_t offset, std::size_t bytes) {
  std::vector<std::uint8_t> to(bytes);
  file.read(offset, to);
  return {to.begin(), to.end()};
}

TEST_CASE("A file is read at any place, and goes on being the one that was opened",
          "[core][unit]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "numbers";
  write_file(path, "0123456789");
  const RandomAccessFile file(path);
  CHECK(file.size() == 10);
  CHECK(read(file, 7, 3) == "789");
  CHECK(read(file, 0, 2) == "01");
  CHECK(read(file, 10, 0).empty());
  write_file(path, "another");
  CHECK(read(file, 4, 5) == "45678");
}

TEST_CASE("What a file no longer has is an error that names it", "[core][unit]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "numbers";
  write_file(path, "0123456789");
  const RandomAccessFile file(path);
  std::filesystem::resize_file(path, 5);
  CHECK(read(file, 0, 5) == "01234");
  CHECK_THROWS_MATCHES(
      read(file, 4, 2), Error,
      MessageMatches(ContainsSubstring(path.string() + ": was made shorter while it was read")));
}

TEST_CASE("Only files are read at any place", "[core][unit]") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_MATCHES(RandomAccessFile(folder.path()), Error,
                       MessageMatches(ContainsSubstring("is not a file")));
  CHECK_THROWS_MATCHES(RandomAccessFile(folder / "none"), Error,
                       MessageMatches(ContainsSubstring("cannot be read: No such file")));
}

}  // namespace
}  // namespace fer
