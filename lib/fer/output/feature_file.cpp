#include "fer/output/feature_file.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::output {

namespace {

constexpr std::string_view kLinesEnding = ".jsonl";
constexpr std::string_view kArrayEnding = ".npy";

std::string feature_ending(const std::filesystem::path& path) {
  return to_lower(path.extension().string());
}

class FeatureLines final : public FeatureFile {
 public:
  explicit FeatureLines(const std::filesystem::path& path) : file_(path) {}

  void write(const FramePrediction& prediction,
             const std::vector<std::vector<float>>& features) override {
    std::string lines;
    for (std::size_t i = 0; i < features.size(); ++i) {
      const cv::Rect& box = prediction.faces[i].box;
      lines += json_text({{"source", prediction.frame.source},
                          {"frame", prediction.frame.index},
                          {"face", i},
                          {"box", {box.x, box.y, box.width, box.height}},
                          {"features", features[i]}}) +
               '\n';
    }
    if (!lines.empty()) file_.write(lines);
  }

  void finish() override { file_.commit(); }

 private:
  AtomicFile file_;
};

// NumPy's format, version 1.0 (numpy.lib.format): a header of a fixed length, then the numbers.
class FeatureArray final : public FeatureFile {
 public:
  FeatureArray(const std::filesystem::path& path, std::size_t size) : file_(path), size_(size) {
    file_.seekable_descriptor();
    file_.write(header());
  }

  void write(const FramePrediction&, const std::vector<std::vector<float>>& features) override {
    for (const std::vector<float>& row : features) {
      file_.write(std::as_bytes(std::span(row)));
      ++rows_;
    }
  }

  // Writes the header, because the number of rows is known only now.
  void finish() override {
    file_.write_at(0, header());
    file_.commit();
  }

 private:
  std::string header() const {
    constexpr std::size_t kLength = 128;  // bytes before the numbers; a multiple of 64
    std::string text("\x93NUMPY\x01\x00", 8);
    const std::size_t rest = kLength - 10;
    text += static_cast<char>(rest);
    text += '\0';
    text += "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows_) + ", " +
            std::to_string(size_) + "), }";
    text.resize(kLength - 1, ' ');
    return text + '\n';
  }

  AtomicFile file_;
  std::size_t size_, rows_ = 0;
};

}  // namespace

void check_feature_file_name(const std::filesystem::path& path, std::string_view field) {
  const std::string ending = feature_ending(path);
  if (ending == kLinesEnding || ending == kArrayEnding) return;
  throw OptionError(field, path.string(),
                    "ends in " + quote(ending) + "; allowed: .jsonl (JSON Lines), .npy (NumPy)");
}

std::unique_ptr<FeatureFile> open_feature_file(const std::filesystem::path& path, std::size_t size,
                                               std::string_view field) {
  check_feature_file_name(path, field);
  if (feature_ending(path) == kLinesEnding) return std::make_unique<FeatureLines>(path);
  return std::make_unique<FeatureArray>(path, size);
}

}  // namespace fer::output
