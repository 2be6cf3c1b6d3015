// Classifies the faces of several requests together.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "fer/core/face.h"
#include "fer/infer/tta.h"
#include "fer/serve/models.h"

namespace fer::serve {

struct ClassifyJob {
  using Rows = std::vector<std::vector<float>>;  // [faces, classes]

  std::shared_ptr<const ServedModel> model;
  infer::Tta tta = infer::Tta::none;
  Faces faces;  // in the model's format (ServedModel::wanted)
  // The wanted cuts of each face; empty if faces came without a picture.
  std::vector<FaceCuts> cuts;
  // Called once, by the batcher's thread, with the rows or an error. Must be quick, because other
  // jobs wait. If it throws, for lack of memory, its request ends by its time-out.
  std::function<void(Rows, std::exception_ptr)> done;
};

class Batcher {
 public:
  // Faces that come within `wait_s` of the first one are classified together, and so are all that
  // came during the last batch. `on_batch` gets the number of faces and the seconds of each batch.
  Batcher(double wait_s, std::function<void(std::size_t faces, double seconds)> on_batch);
  ~Batcher();  // waits until all jobs are done
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  void add(ClassifyJob job);

 private:
  using Jobs = std::vector<ClassifyJob>;

  void work();
  bool take();  // fills jobs_, which is empty before
  void classify();

  double wait_s_;
  std::function<void(std::size_t, double)> on_batch_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<ClassifyJob> waiting_;
  std::size_t waiting_faces_ = 0;
  bool ending_ = false;
  Jobs jobs_;  // of the thread alone; does not grow, so that taking jobs needs no memory
  std::thread thread_;
};

}  // namespace fer::serve
