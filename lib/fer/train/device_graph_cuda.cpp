#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "fer/train/device_graph.h"

namespace fer {

namespace {

// As many as PyTorch's notes on CUDA graphs take.
constexpr int kWarmUps = 3;

}  // namespace

class DeviceGraph::Recording {
 public:
  void run(const std::function<void()>& work) {
    if (warm_ups_ < kWarmUps) {
      ++warm_ups_;
      return work();
    }
    if (!graph_) record(work);
    graph_->replay();
  }

 private:
  // Recording runs nothing: the caller's replay is the first time.
  void record(const std::function<void()>& work) {
    c10::cuda::getCurrentCUDAStream().synchronize();
    // Memory of the warm-ups, so that the recording's own pool has room.
    c10::cuda::CUDACachingAllocator::emptyCache();
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    // This thread's mistakes alone end the recording; others may go on with CUDA.
    graph->capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      // A stream that is left recording could never be used again; what ends it fails too, as the
      // recording is broken, and says less than the error in flight.
      try {
        graph->capture_end();
      } catch (const std::exception&) {
      }
      throw;
    }
    graph->capture_end();
    graph_ = std::move(graph);
  }

  int warm_ups_ = 0;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

class OwnStream::Guard {
 public:
  explicit Guard(c10::Device device)
      : guard_((c10::cuda::device_synchronize(),  // what was begun before is there
                c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index()))) {}
  ~Guard() { c10::cuda::getCurrentCUDAStream().synchronize(); }

 private:
  c10::cuda::CUDAStreamGuard guard_;
};

bool DeviceGraph::records_on(c10::Device device) { return device.is_cuda(); }

DeviceGraph::DeviceGraph(c10::Device device)
    : recording_(device.is_cuda() ? std::make_unique<Recording>() : nullptr) {}
DeviceGraph::~DeviceGraph() = default;

void DeviceGraph::run(const std::function<void()>& work) {
  if (recording_) return recording_->run(work);
  work();
}

OwnStream::OwnStream(c10::Device device)
    : guard_(device.is_cuda() ? std::make_unique<Guard>(device) : nullptr) {}
OwnStream::~OwnStream() = default;

}  // namespace fer
