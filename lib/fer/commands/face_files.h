// A file for each face that was found: what the classifier saw, or where it looked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/predict/frame_work.h"

namespace fer {

// For each face the class shown -> a map of 48x48 in [0, 1], 1 where most spoke for the class.
using ExplainFaces = std::function<std::vector<std::vector<float>>(
    std::span<const FacePixels> faces, std::span<const std::int64_t> classes)>;

// LABEL/NUMBER_SOURCE_fFRAME.png under a folder; numbers count up over all sources. A face that is
// uncertain lies in "uncertain".
class FaceFiles {
 public:
  // `flag` is whose folder it is, for messages. @throws fer::Error where it cannot be made, or holds
  // something already.
  FaceFiles(std::filesystem::path folder, LabelSet labels, const std::string& flag);

  // The crops, 48x48 grey: a training set once the labels have been looked through.
  // @throws fer::Error naming the file that cannot be written.
  void write_crops(const FrameWork& work);

  // The crops, four times as large, with warm colours where the model looked. @throws as above.
  void write_explanations(const FrameWork& work, const ExplainFaces& explain);

 private:
  std::filesystem::path next_path(const FrameWork& work, const FacePrediction& face);

  std::filesystem::path folder_;
  LabelSet labels_;
  std::int64_t count_ = 0;
};

}  // namespace fer
