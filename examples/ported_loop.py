"""The training loops of a PyTorch project, moved to MindSpore line by line. ported_loop_right.py is the same as it works."""
import pickle

import numpy as np

import mindspore as ms
import mindspore.dataset as ds
from mindspore import mint, nn, ops
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


# Plain loops

def train(lr=0.1):
    """torch gives the gradient of what .backward() is called on; MindSpore that of all that the function returns."""
    model = Net()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=lr, momentum=0.8)

    def forward(point, side):
        logits = model(point)
        return criterion(logits, side), logits

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    right = 0
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            (loss, logits), grads = grad_fn(point, side)
            optimizer(grads)
            right += int((logits.argmax(1) == side).sum().asnumpy())
        # After the warm-up.
        if epoch == 1:
            optimizer.momentum = 0.9
    return model, right


def train_with_closure(lr=0.5):
    """torch: optimizer.step(closure)."""
    model = Net()
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(loss)
    return model


def train_two_groups(lr=0.1):
    """The head learns faster, and is named first."""
    model = Net()
    optimizer = nn.Momentum(
        [
            {"params": model.head.trainable_params(), "lr": lr * 10},
            {"params": model.backbone.trainable_params(), "lr": lr},
        ],
        learning_rate=lr,
        momentum=0.9,
    )
    grad_fn = ms.value_and_grad(loss_of(model), None, model.trainable_params())
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
        if float(loss.asnumpy()) < 0.1:
            ops.assign(optimizer.learning_rate, lr / 10)
    return model


def train_in_stages(rates=(0.2, 0.05)):
    """A new rate is a new optimizer: in torch that costs nothing but the momentum."""
    model = Net()
    for point, side in batches().create_tuple_iterator():
        optimizer = nn.Momentum(model.trainable_params(), learning_rate=rates[0], momentum=0.9)
        grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def train_jointly(lr=0.05):
    """One optimizer for all, and a second one for the head."""
    model = Net()
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr)
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
    """A new head, after everything else was set up."""
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr)
    model.head = nn.Dense(16, 2)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def fine_tune_head(lr=1.0):
    """torch's optimizer takes what it holds; MindSpore's wants one gradient for each."""
    model = Net()
    optimizer = nn.SGD(model.head.trainable_params(), learning_rate=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, model.trainable_params())
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def fine_tune_head_with_adam(lr=0.05):
    """The same with the optimizers that look like torch's."""
    model = Net()
    optimizer = optim.Adam(model.head.trainable_params(), lr=lr)
    grad_fn = ms.value_and_grad(loss_of(model), None, model.trainable_params())
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def freeze_later(lr=1.0):
    """torch skips parameters without a gradient."""
    model = Net()
    optimizer = nn.SGD(model.trainable_params(), learning_rate=lr, weight_decay=0.01)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for param in model.backbone.trainable_params():
        param.requires_grad = False
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def split_parameters(lr=0.2):
    model = Net()
    head = model.head.trainable_params()
    rest = [p for p in model.trainable_params() if p not in head]
    groups = [{"params": rest, "lr": lr / 10}, {"params": head}, {"order_params": model.trainable_params()}]
    return nn.SGD(groups, learning_rate=lr)


class Classifier(nn.Cell):
    """A module that brings its optimizer along."""

    def __init__(self, lr=0.05):
        super().__init__()
        self.body = nn.SequentialCell(nn.Dense(2, 16), nn.ReLU(), nn.Dense(16, 2))
        self.optimizer = nn.Momentum(self.trainable_params(), learning_rate=lr, momentum=0.9)

    def construct(self, x):
        return self.body(x)


# Rates

def adjust_learning_rate(optimizer, epoch):
    if epoch in (1, 2):
        for group in optimizer.param_groups:
            group["lr"] *= 0.1


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
            optimizer.learning_rate = optimizer.learning_rate * 0.5
        best = min(best, total)
    return model


def train_with_cosine(lr=0.5):
    """torch's scheduler is stepped and holds the rate; MindSpore's is a part of the optimizer."""
    model = Net()
    scheduler = nn.CosineDecayLR(1e-4, lr, 8 * EPOCHS)
    optimizer = nn.SGD(model.trainable_params(), learning_rate=scheduler)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    rates = []
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            rates.append(float(optimizer.get_lr().asnumpy()))  # up to MindSpore 2.1 this counts as a step
            loss, grads = grad_fn(point, side)
            optimizer(grads)
        scheduler.step()
        print(f"epoch {epoch}: rate {float(optimizer.learning_rate):.4f}")
    return model, rates


def train_with_warmup(lr=0.05):
    model = Net()
    optimizer = optim.AdamW(model.trainable_params(), lr=lr)
    warmup = lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=8)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for point, side in batches().create_tuple_iterator():
        loss, grads = grad_fn(point, side)
        optimizer(grads)
    return model


def train_with_mint(lr=0.2):
    model = Net()
    optimizer = mint.optim.SGD(model.trainable_params(), lr=lr, momentum=0.9)
    scheduler = lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
        scheduler.step()
    return model


def train_with_rates(lr=0.1):
    """One rate for each epoch, as torch's schedulers have it."""
    model = Net()
    rates = [lr * 0.5**epoch for epoch in range(EPOCHS)]
    optimizer = nn.Momentum(model.trainable_params(), rates, momentum=0.9)
    grad_fn = ms.value_and_grad(loss_of(model), None, optimizer.parameters)
    for epoch in range(EPOCHS):
        for point, side in batches(epoch).create_tuple_iterator():
            loss, grads = grad_fn(point, side)
            optimizer(grads)
    return model


def train_with_model(lr=0.1):
    """torch: LambdaLR(optimizer, lambda epoch: 0.95**epoch)."""
    model = Net()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=lr, momentum=0.9)
    trainer = Model(model, criterion, optimizer)
    callback = LearningRateScheduler(lambda epoch: 0.95**epoch)
    trainer.train(EPOCHS, batches(), callbacks=[callback], dataset_sink_mode=False)
    return model


# Checkpoints

def save(model, optimizer, path):
    ms.save_checkpoint(model, path + ".ckpt")
    with open(path + ".optimizer", "wb") as file:
        pickle.dump({"optimizer": optimizer}, file)


def resume(path, lr=0.001):
    model = Net()
    ms.load_param_into_net(model, ms.load_checkpoint(path + ".ckpt"))
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=0.05, momentum=0.9)
    ops.assign(optimizer.learning_rate, ms.Tensor(lr, ms.float32))
    ms.load_param_into_net(optimizer, ms.load_checkpoint(path + ".optimizer"))
    return model, optimizer


def main():
    model, right = train()
    print("right:", right)
    train_with_closure()
    train_two_groups()
    train_in_stages()
    train_jointly()
    fine_tune(Net())
    fine_tune_head()
    fine_tune_head_with_adam()
    freeze_later()
    split_parameters()
    Classifier()
    train_with_steps()
    train_on_plateau()
    train_with_cosine()
    train_with_warmup()
    train_with_mint()
    train_with_rates()
    train_with_model()
    save(model, nn.SGD(model.trainable_params(), 0.05), "points")
    resume("points")


if __name__ == "__main__":
    main()
