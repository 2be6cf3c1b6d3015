#include "fer/serve/batcher.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace fer::serve {

namespace {

// Larger batches are hardly faster, and delay the first face.
constexpr std::size_t kMostFaces = 256;

bool go_together(const ClassifyJob& a, const ClassifyJob& b) {
  return a.model == b.model && a.tta == b.tta && a.cuts.empty() == b.cuts.empty();
}

// Moves the rows of one job out of the rows of all jobs.
ClassifyJob::Rows take_rows(ClassifyJob::Rows& rows, std::size_t first, std::size_t count) {
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  return ClassifyJob::Rows(std::make_move_iterator(begin), std::make_move_iterator(end));
}

}  // namespace

Batcher::Batcher(double wait_s, std::function<void(std::size_t, double)> on_batch)
    : wait_s_(wait_s), on_batch_(std::move(on_batch)) {
  jobs_.reserve(kMostFaces);
  thread_ = std::thread([this] { work(); });
}

Batcher::~Batcher() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_all();
  thread_.join();
}

void Batcher::add(ClassifyJob job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_faces_ += job.faces.size();
    waiting_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

// Takes the job that has waited longest, and those after it that can go with it.
bool Batcher::take() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
  if (waiting_.empty()) return false;
  if (wait_s_ > 0.0) {
    arrived_.wait_for(lock, std::chrono::duration<double>(wait_s_),
                      [this] { return ending_ || waiting_faces_ >= kMostFaces; });
  }
  std::size_t faces = 0;
  for (auto job = waiting_.begin(); job != waiting_.end() && jobs_.size() < jobs_.capacity();) {
    const bool fits = jobs_.empty() ||
                      (go_together(jobs_.front(), *job) && faces + job->faces.size() <= kMostFaces);
    if (!fits) {
      ++job;
      continue;
    }
    faces += job->faces.size();
    jobs_.push_back(std::move(*job));
    job = waiting_.erase(job);
  }
  waiting_faces_ -= faces;
  return true;
}

void Batcher::classify() {
  std::size_t count = 0;
  ClassifyJob::Rows rows;
  std::exception_ptr failure;  // also for lack of memory
  const auto start = std::chrono::steady_clock::now();
  try {
    Faces faces;
    std::vector<FaceCuts> cuts;
    for (ClassifyJob& job : jobs_) {
      if (!job.faces.empty()) faces.append(job.faces);
      std::move(job.cuts.begin(), job.cuts.end(), std::back_inserter(cuts));
    }
    count = faces.size();
    if (count > 0) rows = jobs_.front().model->classify(faces, cuts, jobs_.front().tta);
  } catch (...) {
    failure = std::current_exception();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (count > 0) on_batch_(count, took.count());
  std::size_t first = 0;
  for (ClassifyJob& job : jobs_) {
    ClassifyJob::Rows own;
    std::exception_ptr reason = failure;
    try {
      if (!reason) own = take_rows(rows, first, job.faces.size());
    } catch (...) {
      reason = std::current_exception();
    }
    first += job.faces.size();
    try {
      job.done(std::move(own), reason);
    } catch (...) {  // batcher.h: the time-out answers
    }
  }
}

void Batcher::work() {
  // clear() frees the jobs' memory at once, not only when the next jobs come.
  for (; take(); jobs_.clear()) classify();
}

}  // namespace fer::serve
