"""The training loops of a PyTorch project, as they work with MindSpore. ported_loop.py is how they looked before."""
import numpy as np

import mindspore as ms
import mindspore.dataset as ds
from mindspore import nn, ops
from mindspore.experimental import optim
from mindspore.experimental.optim import lr_scheduler
from mindspore.train import LearningRateScheduler, Model

EPOCHS = 3
ms.set_seed(0)


# Data and model

def batches(seed=0):
    """Points in the plane, and on which side of a curve they are."""
    np.random.seed(seed)
    points = np.random.uniform(-1.0, 1.0, (256, 2)).astype(np.float32)
    sides = (points[:, 1] > np.sin(3.0 * points[:, 0])).astype(np.int32)
    return ds.NumpySlicesDataset((points, sides), ["point", "side"], shuffle=False).batch(32)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.SequentialCell(nn.Dense(2, 16), nn.ReLU(), nn.Dense(16, 16), nn.ReLU())
        self.head = nn.Dense(16, 2)

    def construct(self, x):
        return self.head(self.backbone(x))


criterion = nn.CrossEntropyLoss()


def loss_of(model):
    def forward(point, side):
        return criterion(model(point), side)

    return forward


def error(model):
    """How wrong the model is; about 0.7 where it has learned nothing."""
    forward = loss_of(model)
    losses = [float(forward(point, side).asnumpy()) for point, side in batches(1000).create_tuple_iterator()]
    return sum(losses) / len(losses)


# Plain loops

def train(lr=0.1):
    model = Net()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=lr, momentum=0.8)

    def forward(point, side):
        logits = model(point)
        return criterion(logits, side), logits

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)
    right = 0
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            (loss, logits), grads = grad_fn(point, side)
            optimizer(grads)
            right += int((logits.argmax(1) == side).sum().asnumpy())
        # After the warm-up.
        if epoch == 1:
            ops.assign(optimizer.momentum, ms.Tensor(0.9, ms.float32))
    return model, right


def train_with_closure(lr=0.5):
    model = Net()
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def train_two_groups(lr=0.1):
    """The head learns faster."""
    model = Net()
    optimizer = nn.Momentum(
        [
            {"params": model.head.trainable_params(), "lr": lr * 2},
            {"params": model.backbone.trainable_params(), "lr": lr},
            {"order_params": model.trainable_params()},
        ],
        learning_rate=lr,
        momentum=0.9,
    )
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
        if float(loss.asnumpy()) < 0.1:
            for rate in optimizer.learning_rate:
                ops.assign(rate, rate / 10)
    return model


def train_in_stages(rates=(0.2, 0.05)):
    model = Net()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=rates[0], momentum=0.9)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for rate in rates:
        ops.assign(optimizer.learning_rate, ms.Tensor(rate, ms.float32))
        for point, side in batches().create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
    return model


def train_jointly(lr=0.05):
    """One optimizer for the backbone, and a second one for the head."""
    model = Net()
    optimizer = nn.SGD(model.backbone.trainable_params(), learning_rate=lr)
    head_optimizer = nn.Adam(model.head.trainable_params(), learning_rate=lr)
    forward = loss_of(model)
    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    head_grad_fn = ms.value_and_grad(forward, None, head_optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
        loss, grads = head_grad_fn(point, side)
        head_optimizer(grads)
    return model


# Fine-tuning

def fine_tune(model, lr=0.2):
    """A new head, before everything else is set up."""
    model.head = nn.Dense(16, 2)
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def fine_tune_head(lr=1.0):
    model = Net()
    optimizer = nn.SGD(model.head.trainable_params(), learning_rate=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def fine_tune_head_with_adam(lr=0.05):
    """The same with the optimizers that look like torch's."""
    model = Net()
    optimizer = optim.Adam(model.head.trainable_params(), lr=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def freeze_first(lr=1.0):
    model = Net()
    for param in model.backbone.trainable_params():
        param.requires_grad = False
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr, weight_decay=0.01)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def split_parameters(lr=0.2):
    model = Net()
    head = model.head.trainable_params()
    known = {id(p) for p in head}
    rest = [p for p in model.trainable_params() if id(p) not in known]
    groups = [{"params": rest, "lr": lr / 10}, {"params": head}, {"order_params": model.trainable_params()}]
    return nn.SGD(groups, learning_rate=lr)


class Classifier(nn.Cell):
    """A module that makes its own optimizer."""

    def __init__(self):
        super().__init__()
        self.body = nn.SequentialCell(nn.Dense(2, 16), nn.ReLU(), nn.Dense(16, 2))

    def construct(self, x):
        return self.body(x)

    def configure_optimizer(self, lr=0.05):
        return nn.Momentum(self.trainable_params(), learning_rate=lr, momentum=0.9)


# Rates

def adjust_learning_rate(optimizer, epoch):
    if epoch in (1, 2):
        for group in optimizer.param_groups:
            ops.assign(group["lr"], group["lr"] * 0.1)


def train_with_steps(lr=0.2):
    model = Net()
    optimizer = optim.SGD(model.trainable_params(), lr=lr, momentum=0.9)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
        adjust_learning_rate(optimizer, epoch)
    return model


def train_on_plateau(lr=0.5):
    model = Net()
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    best = float("inf")
    for epoch in range(EPOCHS):
        total = 0.0
        for point, side in batches(epoch).create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
            total += float(loss.asnumpy())
        if total > best:
            ops.assign(optimizer.learning_rate, optimizer.learning_rate * 0.5)
        best = min(best, total)
    return model


def train_with_cosine(lr=0.5):
    model = Net()
    scheduler = nn.CosineDecayLR(1e-4, lr, 8 * EPOCHS)
    optimizer = nn.SGD(model.trainable_params(), learning_rate=scheduler)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    rates = []
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            rates.append(float(optimizer.get_lr().asnumpy()))
            loss, grads = grad_fn(point, side)
            optimizer(grads)
        print(f"epoch {epoch}: rate {float(optimizer.get_lr().asnumpy()):.4f}")
    return model, rates


def train_with_warmup(lr=0.05):
    model = Net()
    optimizer = optim.AdamW(model.trainable_params(), lr=lr)
    warmup = lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=8)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
        warmup.step()
    return model


def train_by_epochs(lr=0.2):
    model = Net()
    optimizer = optim.SGD(model.trainable_params(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
        scheduler.step()
    return model


def train_with_rates(lr=0.1):
    model = Net()
    rates = [lr * 0.5**epoch for epoch in range(EPOCHS) for _ in range(batches().get_dataset_size())]
    optimizer = nn.Momentum(model.trainable_params(), rates, momentum=0.9)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
    return model


def train_with_model(lr=0.1):
    model = Net()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=lr, momentum=0.9)
    trainer = Model(model, criterion, optimizer)
    callback = LearningRateScheduler(lambda rate, step: rate * 0.95 if step % 8 == 0 else rate)
    trainer.train(EPOCHS, batches(), callbacks=[callback], dataset_sink_mode=False)
    return model


# Checkpoints

def save(model, optimizer, path):
    ms.save_checkpoint(model, path + ".ckpt")
    ms.save_checkpoint(optimizer, path + "_optimizer.ckpt")


def resume(path, lr=0.001):
    model = Net()
    ms.load_param_into_net(model, ms.load_checkpoint(path + ".ckpt"))
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=0.05, momentum=0.9)
    ms.load_param_into_net(optimizer, ms.load_checkpoint(path + "_optimizer.ckpt"))
    ops.assign(optimizer.learning_rate, ms.Tensor(lr, ms.float32))
    return model, optimizer


def main():
    print("not trained:", error(Net()))
    model, right = train()
    print("train:", error(model), right)
    print("train_with_closure:", error(train_with_closure()))
    print("train_two_groups:", error(train_two_groups()))
    print("train_in_stages:", error(train_in_stages()))
    print("train_jointly:", error(train_jointly()))
    print("fine_tune:", error(fine_tune(model)))
    print("fine_tune_head:", error(fine_tune_head()))
    print("fine_tune_head_with_adam:", error(fine_tune_head_with_adam()))
    print("freeze_first:", error(freeze_first()))
    print("split_parameters:", len(split_parameters().parameters))
    print("Classifier:", len(Classifier().configure_optimizer().parameters))
    print("train_with_steps:", error(train_with_steps()))
    print("train_on_plateau:", error(train_on_plateau()))
    with_cosine, rates = train_with_cosine()
    print("train_with_cosine:", error(with_cosine), rates[0], rates[-1])
    print("train_with_warmup:", error(train_with_warmup()))
    print("train_by_epochs:", error(train_by_epochs()))
    print("train_with_rates:", error(train_with_rates()))
    print("train_with_model:", error(train_with_model()))
    save(model, nn.Momentum(model.trainable_params(), 0.05, 0.9), "points")
    model, optimizer = resume("points")
    print("resume:", error(model), float(optimizer.learning_rate.asnumpy()))


if __name__ == "__main__":
    main()
