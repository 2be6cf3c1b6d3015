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
  // Opens the usual one; the others are opened when they are first asked for. @throws fer::Error
  // where the usual one is not there or broken.
  explicit Detectors(const Config& config);

  const std::string& usual() const { return usual_; }
  // The names of the detectors whose files are there, and "none".
  const std::vector<std::string>& names() const { return names_; }
  const std::string& reason() const { return reason_; }  // why this one is the usual; may be empty

  // The usual one where `name` is empty or "auto". Any thread may call it, and use what it returns.
  // @throws Problem naming those there are.
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
