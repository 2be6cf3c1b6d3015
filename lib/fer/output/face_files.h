// Writes a file for each face: what the classifier saw, or its explanation.
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

// A PNG of a face as the classifier saw it, four times as large, with warm colours at the pixels
// that decided. map: a number in [0, 1] for each pixel.
std::string explanation_png(FaceView crop, std::span<const float> map);

// LABEL/NUMBER_SOURCE.png under a folder, for videos LABEL/NUMBER_SOURCE_fFRAME.png; numbers count
// up over all sources. A face that is uncertain lies in "uncertain".
class FaceFiles {
 public:
  // @throws fer::OptionError for `field`, the option that names the folder, if it cannot be made or
  // is not empty.
  FaceFiles(std::filesystem::path folder, LabelSet labels, std::string_view field);

  // crops: of the prediction's faces, grey or rgb. The files can become a training set after
  // somebody has checked their labels. @throws fer::Error naming a file that cannot be written.
  void write_crops(const FramePrediction& prediction, FacesView crops);

  // Writes explanation_png() of each crop. @throws as write_crops().
  void write_explanations(const FramePrediction& prediction, FacesView crops,
                          const std::vector<std::vector<float>>& maps);

 private:
  std::filesystem::path next_path(const source::Frame& frame, const FacePrediction& face);

  std::filesystem::path folder_;
  LabelSet labels_;
  std::int64_t count_ = 0;
};

}  // namespace fer::output
