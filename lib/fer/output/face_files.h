// A file for each face that was found: what the classifier saw, or where it looked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"

namespace fer::output {

// A face as the classifier saw it, four times as large, with warm colours where the model looked,
// as a PNG. map: a number in [0, 1] for each of its pixels.
std::string explanation_png(FaceView crop, std::span<const float> map);

// LABEL/NUMBER_SOURCE_fFRAME.png under a folder; numbers count up over all sources. A face that is
// uncertain lies in "uncertain".
class FaceFiles {
 public:
  // @throws fer::OptionError of `field`, the option that names the folder, where it cannot be made
  // or holds something already.
  FaceFiles(std::filesystem::path folder, LabelSet labels, std::string_view field);

  // crops: those of the prediction's faces, grey or rgb: a training set once the labels have been
  // looked through. @throws fer::Error naming the file that cannot be written.
  void write_crops(const FramePrediction& prediction, FacesView crops);

  // explanation_png() of each crop. @throws as above.
  void write_explanations(const FramePrediction& prediction, FacesView crops,
                          const std::vector<std::vector<float>>& maps);

 private:
  std::filesystem::path next_path(const source::Frame& frame, const FacePrediction& face);

  std::filesystem::path folder_;
  LabelSet labels_;
  std::int64_t count_ = 0;
};

}  // namespace fer::output
