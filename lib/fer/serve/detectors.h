// The detectors that requests may choose from.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fer/predict/face_finder.h"
#include "fer/serve/config.h"

namespace fer::serve {

class Detectors {
 public:
  // Opens the default detector; the others are opened at their first use. @throws fer::Error if the
  // default detector is missing or broken.
  explicit Detectors(const Config& config);

  const std::string& usual() const { return usual_; }
  // The names of the detectors whose files were found, and "none".
  const std::vector<std::string>& names() const { return names_; }
  // why this one is the default; may be empty
  const std::string& reason() const { return reason_; }

  // The default detector if `name` is empty or "auto". Any thread may call it and use the result.
  // @throws Problem with the available detectors.
  predict::FaceFinder& find(const std::string& name, const std::string& part);

 private:
  std::unique_ptr<predict::FaceFinder> open(const detect::DetectorChoice& choice) const;

  Config config_;
  std::string usual_, reason_;
  std::vector<std::string> names_;
  std::map<std::string, detect::DetectorChoice> choices_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<predict::FaceFinder>> finders_;
};

}  // namespace fer::serve
