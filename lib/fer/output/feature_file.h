// The faces' features as a file for other programs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "fer/output/face_prediction.h"

namespace fer::output {

class FeatureFile {
 public:
  virtual ~FeatureFile() = default;

  // Writes a vector for each of the prediction's faces. @throws fer::Error if that fails.
  virtual void write(const FramePrediction& prediction,
                     const std::vector<std::vector<float>>& features) = 0;
  // Call once, after the last frame.
  virtual void finish() = 0;
};

// @throws fer::OptionError for `field`, the option that names the file, if its ending is unknown to
// open_feature_file().
void check_feature_file_name(const std::filesystem::path& path, std::string_view field);

// The format follows from the name's ending:
//   .jsonl  a line for each face: {"source", "frame", "face" (counted from 0 in its frame), "box",
//           "features"}
//   .npy    NumPy's float32 [faces, size], a row for each face in the order of the results
// The file appears when it is complete; lines into a pipe are written at once. @throws
// fer::OptionError as check_feature_file_name() does; fer::Error where it cannot be written.
std::unique_ptr<FeatureFile> open_feature_file(const std::filesystem::path& path, std::size_t size,
                                               std::string_view field);

}  // namespace fer::output
