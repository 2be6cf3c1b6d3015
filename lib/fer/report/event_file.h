// Training curves for TensorBoard.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace fer::report {

// CRC-32C (Castagnoli), the checksum of RFC 3720, appendix B.4.
std::uint32_t crc32c(std::string_view bytes);

// A new file `folder`/events.out.tfevents.SECONDS.fer: TFRecords of Event messages (TensorFlow's
// lib/io/record_writer.h and core/util/event.proto). Each record is passed to the system before the
// call returns, so that the file of a killed run is readable up to its last record. TensorBoard
// joins all such files of a folder; a resumed run gets a second one.
class EventFile {
 public:
  // SECONDS is the start time (seconds since 1970), or the first whole second after it whose name
  // is free: no existing file is touched. A missing folder is made.
  // @throws fer::Error where the file cannot be written.
  explicit EventFile(const std::filesystem::path& folder, double start_time_s);

  // tag: UTF-8 such as "val/accuracy"; the part before the slash groups the charts. @throws
  // fer::Error if the file cannot be written.
  void scalar(const std::string& tag, std::int64_t step, double wall_time_s, float value);

  const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void write(const std::string& event);

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace fer::report
