// The faces that were found, as the classifier sees them, each a file.
#pragma once

#include <cstdint>
#include <filesystem>

#include "fer/core/label_set.h"
#include "fer/predict/frame_work.h"

namespace fer {

// LABEL/NUMBER_SOURCE_fFRAME.png, 48x48 grey, under a folder: a training set once the labels have
// been looked through. Numbers count up over all sources. A face that is uncertain lies in
// "uncertain".
class CropFiles {
 public:
  // @throws fer::Error where the folder cannot be made.
  CropFiles(std::filesystem::path folder, LabelSet labels);

  // @throws fer::Error naming the file that cannot be written.
  void write(const FrameWork& work);

 private:
  std::filesystem::path folder_;
  LabelSet labels_;
  std::int64_t count_ = 0;
};

}  // namespace fer
