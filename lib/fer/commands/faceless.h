// Face images in which a detector finds no face.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fer/commands/console.h"
#include "fer/data/face_set.h"

namespace fer {

class Detector;

struct FaceSearch {
  std::string detector;
  std::vector<std::int64_t> without;  // rows, in the order they came in
};

class FaceSearcher {
 public:
  // @throws fer::Error where a detector asked for by name is not there; `auto` takes what there is.
  explicit FaceSearcher(const std::string& detector);
  ~FaceSearcher();
  FaceSearcher(const FaceSearcher&) = delete;
  FaceSearcher& operator=(const FaceSearcher&) = delete;

  // Why it cannot search; empty where it can.
  const std::string& why_not() const { return why_not_; }

  // Nothing where it was interrupted.
  std::optional<FaceSearch> search(const FaceSet& set, const std::vector<std::int64_t>& rows,
                                   Console& console);

 private:
  std::unique_ptr<Detector> detector_;
  std::string name_, why_not_;
};

}  // namespace fer
