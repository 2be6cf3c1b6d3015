// Finds face images in which a detector finds no face.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/data/face_set.h"

namespace fer::detect {
class Detector;
}

namespace fer::check {

struct ImagesWithoutFace {
  std::string detector;
  std::vector<std::int64_t> rows;  // in the order in which they were searched
};

class NoFaceSearch {
 public:
  // @throws fer::Error if a detector that was named is missing; `auto` takes any that is there.
  explicit NoFaceSearch(const std::string& detector);
  ~NoFaceSearch();
  NoFaceSearch(const NoFaceSearch&) = delete;
  NoFaceSearch& operator=(const NoFaceSearch&) = delete;

  // Why it cannot search; empty if it can.
  const std::string& why_not() const { return why_not_; }

  // Searches these images of the set. Returns nothing if `stop` ended it.
  std::optional<ImagesWithoutFace> search(const data::FaceSet& set,
                                          const std::vector<std::int64_t>& rows, Log& log,
                                          const std::atomic<bool>& stop);

 private:
  std::unique_ptr<detect::Detector> detector_;
  std::string name_, why_not_;
};

}  // namespace fer::check
