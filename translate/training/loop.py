"""The training loop: forward, backward, update, and what has to be done every few minutes."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import torch
from torch import Tensor

from translate.errors import ModelError
from translate.training import checkpoint
from translate.training.checkpoint import State
from translate.training.events import OnEvent, Progress, Saved, Stopped
from translate.training.feed import Ahead, Feed, Meal
from translate.training.network import Batch, MarianNetwork, Objective, training_loss
from translate.training.optimiser import Optimiser, rate_scale
from translate.training.settings import TrainSettings


@dataclass(frozen=True)
class Machine:
    """Where and in what form the loop computes."""

    device: str
    compiled: bool
    half: bool

    @property
    def cuda(self) -> bool:
        """Whether this is a GPU."""
        return self.device == "cuda"


class Clock:
    """The seconds a training has taken, over all its resumptions, and the share of the budget used."""

    def __init__(self, settings: TrainSettings, before: float) -> None:
        self._settings, self._start = settings, time.monotonic() - before

    def seconds(self) -> float:
        """Return the seconds so far."""
        return time.monotonic() - self._start

    def progress(self, step: int) -> float:
        """Return the share of the budget used before ``step``, 0 to 1; with --steps, by the step alone."""
        if self._settings.steps:
            return min(1.0, step / self._settings.steps)
        return min(1.0, self.seconds() / (60 * self._settings.minutes))


class Every:
    """Says when something is due again: after so many steps if given, else after so many minutes."""

    def __init__(self, steps: int, minutes: float) -> None:
        self._steps, self._seconds, self._last = steps, 60 * minutes, time.monotonic()

    def due(self, step: int) -> bool:
        """Return whether it is due after ``step`` steps; True starts the wait anew."""
        if self._steps:
            return step % self._steps == 0
        if time.monotonic() - self._last < self._seconds:
            return False
        self._last = time.monotonic()
        return True


class Window:
    """Sums of the steps since the last line of the log, kept on the device so that it never waits."""

    def __init__(self, device: str) -> None:
        self._sums = torch.zeros(2, device=device)
        self.steps = self.tokens = 0
        self._since = time.monotonic()

    def add(self, loss: Tensor, guide: Tensor, tokens: int) -> None:
        """Add a step."""
        self._sums += torch.stack([loss, guide])
        self.steps, self.tokens = self.steps + 1, self.tokens + tokens

    def close(self) -> tuple[float, float, float]:
        """Return mean loss, mean guide loss and tokens a second, and begin anew."""
        loss, guide = (self._sums / max(1, self.steps)).tolist()
        speed = self.tokens / max(1e-9, time.monotonic() - self._since)
        self._sums.zero_()
        self.steps = self.tokens = 0
        self._since = time.monotonic()
        return loss, guide, speed


class Loop:
    """Trains a network until its budget is used, or until SIGINT or SIGTERM; both end in a checkpoint."""

    def __init__(
        self,
        network: MarianNetwork,
        optimiser: Optimiser,
        settings: TrainSettings,
        machine: Machine,
        *,
        folder: Path,
        on_event: OnEvent,
        on_score: Callable[[State], None] | None,
        teacher: MarianNetwork | None = None,
    ) -> None:
        self._network, self._optimiser, self._teacher = network, optimiser, teacher
        self._settings, self._machine, self._folder = settings, machine, folder
        self._emit, self._score = on_event, on_score
        self._loss = training_loss
        if machine.compiled:
            # One graph for all widths: a graph for each would cost a minute of compilation apiece.
            self._loss = torch.compile(training_loss, dynamic=True)
        self._stop = False

    def run(self, feed: Feed, state: State) -> tuple[State, str]:
        """Train on from ``state``; return the last one, which is saved, and the reason of Stopped."""
        clock = Clock(self._settings, state.seconds)
        source: Feed | Ahead = feed
        if self._machine.cuda:
            source = Ahead(feed, state.step, clock.progress)
        try:
            with self._signals():
                state = self._train(source, state, clock)
        finally:
            if isinstance(source, Ahead):
                source.close()
        reason = "interrupted" if self._stop and clock.progress(state.step) < 1 else "budget"
        self._emit(Stopped(state.step, state.tokens, state.seconds, reason))
        return state, reason

    def _train(self, source: Feed | Ahead, state: State, clock: Clock) -> State:
        settings = self._settings
        save = Every(settings.checkpoint_steps, settings.checkpoint_minutes)
        score = Every(settings.score_steps, settings.score_minutes)
        window = Window(self._machine.device)
        saved = state.step
        self._network.train()
        while not self._stop and clock.progress(state.step) < 1:
            progress = clock.progress(state.step)
            meal = source.serve(state.step, progress)
            scale = rate_scale(progress, state.step, warmup=settings.warmup, decay_from=settings.decay_from)
            window.add(*self._step(meal, scale), meal.batch.tokens)
            state = State(state.step + 1, state.tokens + meal.batch.tokens, clock.seconds(), meal.after)
            saving = save.due(state.step)
            if saving or state.step % settings.log_steps == 0:
                self._log(window, state, scale, progress)
            if saving:
                self._save(state)
                saved = state.step
            if self._score is not None and score.due(state.step):
                self._score(state)
        if window.steps:
            self._log(window, state, scale, clock.progress(state.step))
        state = replace(state, seconds=clock.seconds())
        if saved != state.step:
            self._save(state)
        return state

    def _step(self, meal: Meal, scale: float) -> tuple[Tensor, Tensor]:
        settings = self._settings
        objective = Objective(
            settings.label_smoothing, settings.guide, settings.teacher_share, static=self._machine.cuda
        )
        batch, candidates = self._moved(meal)
        # bf16 has no need of loss scaling; weights, gradients and the softmax stay in fp32.
        with torch.autocast("cuda", torch.bfloat16) if self._machine.half else contextlib.nullcontext():
            total, loss, guide = self._loss(self._network, batch, objective, candidates, self._teacher)
        total.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step(scale)
        return loss, guide

    def _moved(self, meal: Meal) -> tuple[Batch, Tensor | None]:
        if not self._machine.cuda:
            return meal.batch, meal.candidates

        def move(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor.to("cuda", non_blocking=True)

        batch = meal.batch
        source, shifted, target = (t.to("cuda", non_blocking=True) for t in (batch.source, batch.shifted, batch.target))
        return Batch(source, shifted, target, move(batch.links), batch.tokens), move(meal.candidates)

    def _log(self, window: Window, state: State, scale: float, progress: float) -> None:
        loss, guide, speed = window.close()
        if not abs(loss) < float("inf"):
            raise ModelError(
                f"the loss is {loss} at step {state.step}: the training has diverged",
                "Train again with a lower --rate and --matrix-rate.",
            )
        self._emit(Progress(state.step, state.tokens, state.seconds, speed, loss, guide, scale, progress))

    def _save(self, state: State) -> None:
        path = checkpoint.save(self._folder, self._network, self._optimiser, state, self._settings.average)
        self._emit(Saved(state.step, str(path)))

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Let the first SIGINT or SIGTERM end the loop after the step; the next has its usual effect."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)

        def stop(number: int, frame: FrameType | None) -> None:
            self._stop = True
            restore()

        for number in before:
            signal.signal(number, stop)
        try:
            yield
        finally:
            restore()
