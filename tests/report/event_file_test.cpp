#include "fer/report/event_file.h"

#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using test::TemporaryFolder;

std::string bytes_of(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

std::string content(const std::filesystem::path& path) { return read_file(path, 1u << 20); }

// A file that begins at second 1. The first twelve bytes, its length and their checksum, are those
// of every file that TensorFlow writes.
const std::string kFirstRecord = bytes_of({
    0x18, 0,    0,    0,    0,   0,   0,   0,    0xA3, 0x7F, 0x4B, 0x22,  // length 24
    0x09, 0,    0,    0,    0,   0,   0,   0xF0, 0x3F,                    // wall_time 1.0
    0x1A, 13,   'b',  'r',  'a', 'i', 'n', '.',  'E',  'v',  'e',  'n',
    't',  ':',  '2',  // file_version
    0x86, 0xBF, 0x57, 0x7A,
});

TEST_CASE("the checksum is CRC-32C", "[report][unit]") {
  CHECK(crc32c("") == 0U);
  CHECK(crc32c("123456789") == 0xE3069283U);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAU);    // RFC 3720, B.4
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43U);  // RFC 3720, B.4
}

TEST_CASE("an event file begins with its version, and a scalar is one record", "[report][unit]") {
  const TemporaryFolder folder;
  EventFile file(folder.path(), 1.0);
  CHECK(file.path() == folder / "events.out.tfevents.1.fer");
  CHECK(content(file.path()) == kFirstRecord);
  file.scalar("a", 1, 2.0, 0.5F);
  // Read while the file is open: a killed run leaves as much.
  CHECK(content(file.path()) ==
        kFirstRecord +
            bytes_of({
                0x17, 0,    0,    0,    0, 0, 0, 0,    0xE7, 0xCE, 0xF8, 0x1E,  // length 23
                0x09, 0,    0,    0,    0, 0, 0, 0,    0x40,                    // wall_time 2.0
                0x10, 1,                                                        // step
                0x2A, 10,   0x0A, 8,                                            // summary, value
                0x0A, 1,    'a',  0x15, 0, 0, 0, 0x3F,                          // tag, 0.5
                0xCD, 0x57, 0x0C, 0x70,
            }));
}

TEST_CASE("numbers above 127 take as many bytes as they need", "[report][unit]") {
  const TemporaryFolder folder;
  EventFile file(folder.path(), 1.0);
  file.scalar(std::string(200, 't'), 300, 0.0, 0.0F);
  const std::string bytes = content(file.path()).substr(kFirstRecord.size());
  CHECK(bytes.substr(12 + 9, 3) == bytes_of({0x10, 0xAC, 0x02}));  // step 300
  // Summary of 211, value of 208 and tag of 200 bytes.
  CHECK(bytes.substr(12 + 12, 9) ==
        bytes_of({0x2A, 0xD3, 0x01, 0x0A, 0xD0, 0x01, 0x0A, 0xC8, 0x01}));
}

TEST_CASE("an existing event file stays as it is, and the next takes a free name",
          "[report][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "events.out.tfevents.7.fer", "of an earlier run");
  const EventFile file(folder.path(), 7.9);
  CHECK(file.path() == folder / "events.out.tfevents.8.fer");
  CHECK(content(folder / "events.out.tfevents.7.fer") == "of an earlier run");
}

TEST_CASE("a missing folder for event files is made, and one in the way is an error",
          "[report][unit]") {
  const TemporaryFolder folder;
  CHECK(std::filesystem::exists(EventFile(folder / "deep" / "tensorboard", 1.0).path()));
  write_file(folder / "file", "");
  CHECK_THROWS_MATCHES(
      EventFile(folder / "file", 1.0), Error,
      Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring(
          (folder / "file" / "events.out.tfevents.1.fer").string() + ": cannot be written")));
}

TEST_CASE("TensorBoard reads every whole record of a run that was killed and resumed",
          "[report][integration]") {
  FER_NEED_PYTHON("tensorboard");
  const TemporaryFolder folder;
  EventFile killed(folder / "run", 1'700'000'000.5);
  killed.scalar("train/loss", 1, 1'700'000'010.25, 1.5F);
  killed.scalar("val/accuracy", 1, 1'700'000'010.25, 0.4375F);
  killed.scalar("train/loss", 2, 1'700'000'020.0, 99.0F);
  const auto size = std::filesystem::file_size(killed.path());
  std::filesystem::resize_file(killed.path(), size - 5);  // killed in the middle of a record
  EventFile resumed(folder / "run", 1'700'000'100.0);
  resumed.scalar("train/loss", 2, 1'700'000'110.0, 1.25F);
  resumed.scalar("train/loss", 5'000'000'000, 1'700'000'120.0,
                 std::numeric_limits<float>::denorm_min());
  const auto row = [](std::int64_t step, double wall_time, float value) {
    return nlohmann::json::array({step, wall_time, static_cast<double>(value)});
  };
  const nlohmann::json expected = {
      {"train/loss",
       nlohmann::json::array(
           {row(1, 1'700'000'010.25, 1.5F), row(2, 1'700'000'110.0, 1.25F),
            row(5'000'000'000, 1'700'000'120.0, std::numeric_limits<float>::denorm_min())})},
      {"val/accuracy", nlohmann::json::array({row(1, 1'700'000'010.25, 0.4375F)})}};
  write_file(folder / "expected.json", expected.dump());
  test::run_python("event_file_reader.py", {folder / "run", folder / "expected.json"});
}

}  // namespace
}  // namespace fer::report
