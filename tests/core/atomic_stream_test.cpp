#include "fer/core/atomic_stream.h"

#include <filesystem>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {

TEST_CASE("A stream's file has its name once it is complete", "[core][unit]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "results.txt";
  {
    AtomicStream stream(path);
    stream << "one " << 2 << '\n' << std::flush;
    CHECK_FALSE(std::filesystem::exists(path));
    stream.commit();
  }
  CHECK(read_file(path, 100) == "one 2\n");
}

TEST_CASE("A stream that is not completed leaves what was there", "[core][unit]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "results.txt";
  write_file(path, "before");
  { AtomicStream(path) << std::string(200'000, 'x'); }
  CHECK(read_file(path, 100) == "before");
}

TEST_CASE("A stream to a full disk says so as an error that names the file", "[core][unit]") {
  AtomicStream stream("/dev/full");
  std::string said;
  try {
    stream << std::string(200'000, 'x');
    stream.commit();
  } catch (const Error& error) {
    said = error.what();
  }
  CHECK(said.find("/dev/full") != std::string::npos);
}

}  // namespace fer
