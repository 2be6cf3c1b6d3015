#include "fer/report/event_file.h"

#include <cerrno>
#include <cstring>

#include "fer/core/error.h"
#include "fer/core/protobuf.h"

namespace fer::report {

namespace {

using protobuf::Message;

// The first record of every file of this format.
constexpr std::string_view kFileVersion = "brain.Event:2";

[[noreturn]] void fail(const std::filesystem::path& path, int code) {
  throw Error(path.string() + ": cannot be written: " + std::strerror(code));
}

template <class Unsigned>
std::string little_endian(Unsigned value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(value); ++i) {
    bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
  }
  return bytes;
}

// Field numbers are those of tensorflow/core/util/event.proto and framework/summary.proto.
Message event_at(double wall_time_s) { return Message().float64(1, wall_time_s); }

// The format masks checksums, because a checksum of data that holds checksums would be weak.
std::string masked_crc(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return little_endian(((crc >> 15) | (crc << 17)) + 0xA282EAD8U);
}

}  // namespace

// Computed bit by bit, which is fast enough for some ten records of 50 bytes an epoch.
std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& folder, double start_time_s) {
  std::error_code ignored;  // an error shows when the file is opened
  std::filesystem::create_directories(folder, ignored);
  for (auto second = static_cast<std::int64_t>(start_time_s); file_ == nullptr; ++second) {
    path_ = folder / ("events.out.tfevents." + std::to_string(second) + ".fer");
    file_.reset(std::fopen(path_.c_str(), "wbxe"));  // x: only where there is none
    if (file_ == nullptr && errno != EEXIST) fail(path_, errno);
  }
  write(event_at(start_time_s).bytes(3, kFileVersion).content());
}

void EventFile::scalar(const std::string& tag, std::int64_t step, double wall_time_s, float value) {
  const Message number = Message().bytes(1, tag).float32(2, value);
  write(event_at(wall_time_s)
            .number(2, static_cast<std::uint64_t>(step))
            .part(5, Message().part(1, number))
            .content());
}

void EventFile::write(const std::string& event) {
  const std::string length = little_endian(static_cast<std::uint64_t>(event.size()));
  const std::string record = length + masked_crc(length) + event + masked_crc(event);
  const std::size_t written = std::fwrite(record.data(), 1, record.size(), file_.get());
  if (written != record.size() || std::fflush(file_.get()) != 0) fail(path_, errno);
}

}  // namespace fer::report
